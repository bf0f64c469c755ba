//! LiteSVM
