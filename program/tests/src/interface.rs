//! The program's interface, generated from the committed IDL. Nothing here is written by hand.

#![allow(unexpected_cfgs, unused_imports)]

use anchor_lang;

anchor_lang::declare_program!(obscura_program);
