//! What `obscura clear --help` says after the options.

pub const TEXT: &str = r#"Examples:
  What a book clears to, for people, and as JSON:
    obscura clear book.json
    obscura clear book.json --json
  From another program:
    echo '{"bids":[{"index":0,"priceMicro":10,"qty":2}],"asks":[{"index":1,"priceMicro":5,"qty":2}]}' |
      obscura clear - --json
  Whether a clearing is the book's (exit code 0) or not (1):
    obscura clear --check book.json clearing.json
  Thousands of books, one a line, each result in the line of its book:
    obscura clear --jsonl books.jsonl > clearings.jsonl
    obscura clear --jsonl --check books.jsonl clearings.jsonl

A book:
  {"bids":[{"index":0,"priceMicro":10,"qty":4,"minQty":4,"durationSeconds":3600}],
   "asks":[{"index":1,"priceMicro":5,"qty":2,"durationSeconds":2592000}]}
  index            place in the batch, and so time priority: 0 to 4294967295, once per book
  priceMicro       micro-USDC per GPU-hour, 1 to 1099511627775: a bid's most, an ask's least
  qty              GPUs, 1 to 4096
  minQty           the fewest a bid takes, by default qty (all or none); an ask's is always 1
  durationSeconds  60 to 2592000; by default 3600 for a bid, 2592000 for an ask

Its clearing:
  {"priceMicro":null,"lo":null,"hi":null,"volume":0,"fills":[],"refusedForSize":[0]}
  priceMicro, lo, hi  the price and the ends of its interval; null where nothing trades
  volume              GPUs that change hands
  fills               {"index":N,"qty":N,"amountMicro":N} by index, for every order that got
                      something; amountMicro is what a bid pays for all its leases, or what an
                      ask's buyers pay for all of its, before the market's fee
  refusedForSize      bids that could have had some GPUs, but fewer than their minQty

With --check the answer is {"valid":true}, or {"valid":false,"rule":"...","order":N,"message":"..."}.
With --jsonl a line that is no book has {"error":{"document":"book","code":"...","line":N,"column":N,
"field":"bids[0].qty","message":"..."}} in its place; the others go on, and the exit code is 2.

Exit codes: 0 cleared, or valid; 1 invalid; 2 bad input. docs/SPEC.md section 7.1 has the details."#;
