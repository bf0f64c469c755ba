//! One change to a claimed clearing, drawn from all that there are.

use obscura_client::book_file::Claim;

/// The claim with one change, which `pick` chooses; none where that change changes nothing.
pub fn mutated(claim: &Claim, pick: u64, number: u64) -> Option<Claim> {
    let mut mutant = claim.clone();
    let numbers = 4 + 3 * claim.fills.len() as u64 + claim.refused_for_size.len() as u64;
    match pick % (numbers + 6) {
        place if place < numbers => change_number(&mut mutant, place as usize, number),
        place => change_lists(&mut mutant, place - numbers, number),
    }
    Some(mutant).filter(|mutant| mutant != claim)
}

fn change_number(claim: &mut Claim, place: usize, number: u64) {
    let fills = 3 * claim.fills.len();
    match place {
        0 => claim.price_micro = other_price(claim.price_micro, number),
        1 => claim.lo = other_price(claim.lo, number),
        2 => claim.hi = other_price(claim.hi, number),
        3 => claim.volume = other(claim.volume, number),
        place if place < 4 + fills => {
            let fill = &mut claim.fills[(place - 4) / 3];
            let part = [&mut fill.index, &mut fill.qty, &mut fill.amount_micro].into_iter();
            let part = part.skip((place - 4) % 3).take(1);
            part.for_each(|part| *part = other(*part, number));
        }
        place => {
            let refused = &mut claim.refused_for_size[place - 4 - fills];
            *refused = other(*refused, number);
        }
    }
}

fn change_lists(claim: &mut Claim, kind: u64, number: u64) {
    let Claim { fills, refused_for_size: refused, .. } = claim;
    let at = |length: usize| (number % length.max(1) as u64) as usize;
    let (fill, refusal) = (at(fills.len()), at(refused.len()));
    match kind {
        0 if !fills.is_empty() => _ = fills.remove(fill),
        1 if !fills.is_empty() => fills.insert(fill, fills[fill]),
        2 if fills.len() > 1 => fills.rotate_left(fill.max(1)),
        3 if !refused.is_empty() => _ = refused.remove(refusal),
        4 if refused.len() > 1 => refused.rotate_left(refusal.max(1)),
        _ => refused.insert(refusal, number % 30),
    }
}

/// A neighbour, an end of the range, or anything.
fn other(number: u64, pick: u64) -> u64 {
    match pick % 5 {
        0 => number.wrapping_sub(1),
        1 => number.wrapping_add(1),
        2 => 0,
        3 => number.wrapping_add(1 << 32),
        _ => pick,
    }
}

fn other_price(price: Option<u64>, pick: u64) -> Option<u64> {
    match price {
        Some(_) if pick % 6 == 5 => None,
        price => Some(other(price.unwrap_or(0), pick / 6)),
    }
}
