// What generated code calls: the memory functions, which Solana offers as system calls, and the
// integer arithmetic that BPF v2 has no instruction for. sbf-ld links it into every program.
//
// 128-bit values come as (low, high) pairs of words and go out through `out`, low word first. No
// function here may use a signed division or a type wider than 64 bits: the legaliser leaves this
// file alone, so nothing would replace them.

typedef unsigned long u64;
typedef long i64;
typedef unsigned char u8;
typedef unsigned int u32;

// Kept by name until the legaliser has inserted its calls.
#define ROUTINE __attribute__((noinline, used))

extern void sol_memcpy_(void *to, const void *from, u64 length);
extern void sol_memmove_(void *to, const void *from, u64 length);
extern void sol_memset_(void *to, u8 value, u64 length);
extern void sol_memcmp_(const void *left, const void *right, u64 length, int *result);

ROUTINE void *memcpy(void *to, const void *from, u64 length) {
  sol_memcpy_(to, from, length);
  return to;
}

ROUTINE void *memmove(void *to, const void *from, u64 length) {
  sol_memmove_(to, from, length);
  return to;
}

ROUTINE void *memset(void *to, int value, u64 length) {
  sol_memset_(to, (u8)value, length);
  return to;
}

ROUTINE int memcmp(const void *left, const void *right, u64 length) {
  int result = 0;
  sol_memcmp_(left, right, length, &result);
  return result;
}

ROUTINE int bcmp(const void *left, const void *right, u64 length) {
  int result = 0;
  sol_memcmp_(left, right, length, &result);
  return result;
}

// The high word of a 128-bit product, from four 32-bit ones.
ROUTINE u64 __sbf_mulhi(u64 a, u64 b) {
  u64 a_low = (u32)a, a_high = a >> 32;
  u64 b_low = (u32)b, b_high = b >> 32;
  u64 low = a_low * b_low;
  u64 cross1 = a_low * b_high;
  u64 cross2 = a_high * b_low;
  u64 high = a_high * b_high;
  // Without these the optimiser recognises a 128-bit multiplication and calls this very function.
  __asm__("" : "+r"(cross1));
  __asm__("" : "+r"(cross2));
  u64 middle = (low >> 32) + (u32)cross1 + (u32)cross2;
  return high + (cross1 >> 32) + (cross2 >> 32) + (middle >> 32);
}

ROUTINE void __sbf_mul128(u64 *out, u64 a_low, u64 a_high, u64 b_low, u64 b_high) {
  out[0] = a_low * b_low;
  out[1] = __sbf_mulhi(a_low, b_low) + a_low * b_high + a_high * b_low;
}

// Returns whether the product needs more than 128 bits.
ROUTINE u64 __sbf_umulo128(u64 *out, u64 a_low, u64 a_high, u64 b_low, u64 b_high) {
  u64 overflow = (a_high != 0) & (b_high != 0);
  u64 cross1 = a_low * b_high;
  u64 cross2 = a_high * b_low;
  overflow |= __sbf_mulhi(a_low, b_high) != 0;
  overflow |= __sbf_mulhi(a_high, b_low) != 0;
  u64 carried = __sbf_mulhi(a_low, b_low);
  u64 cross = cross1 + cross2;
  overflow |= cross < cross1;
  u64 high = cross + carried;
  overflow |= high < cross;
  out[0] = a_low * b_low;
  out[1] = high;
  return overflow;
}

// Long division by a divisor of one word: the high word at once, then the low word bit by bit.
static void divide_by_word(u64 *quotient, u64 *rest, u64 low, u64 high, u64 divisor) {
  u64 partial = high % divisor;
  u64 quotient_low = 0, quotient_high = high / divisor;
  for (int i = 63; i >= 0; i--) {
    u64 carry = partial >> 63;
    partial = (partial << 1) | ((low >> i) & 1);
    quotient_low <<= 1;
    if (carry || partial >= divisor) {
      partial -= divisor;
      quotient_low |= 1;
    }
  }
  quotient[0] = quotient_low;
  quotient[1] = quotient_high;
  rest[0] = partial;
  rest[1] = 0;
}

// Unsigned division of n by d, two words each, one bit of the quotient at a time.
static void divide(u64 *quotient, u64 *rest, u64 *n, u64 *d) {
  u64 n_low = n[0], n_high = n[1], d_low = d[0], d_high = d[1];
  if (n_high == 0 && d_high == 0) {
    quotient[0] = n_low / d_low;
    quotient[1] = 0;
    rest[0] = n_low % d_low;
    rest[1] = 0;
    return;
  }
  if (d_high == 0) {
    divide_by_word(quotient, rest, n_low, n_high, d_low);
    return;
  }
  u64 rest_low = 0, rest_high = 0, quotient_low = 0, quotient_high = 0;
  for (int i = 127; i >= 0; i--) {
    u64 carry = rest_high >> 63;
    u64 next_bit = i >= 64 ? (n_high >> (i - 64)) & 1 : (n_low >> i) & 1;
    rest_high = (rest_high << 1) | (rest_low >> 63);
    rest_low = (rest_low << 1) | next_bit;
    u64 fits = carry | (rest_high > d_high) | ((rest_high == d_high) & (rest_low >= d_low));
    quotient_high = (quotient_high << 1) | (quotient_low >> 63);
    quotient_low = (quotient_low << 1) | fits;
    if (fits) {
      u64 borrow = rest_low < d_low;
      rest_low -= d_low;
      rest_high -= d_high + borrow;
    }
  }
  quotient[0] = quotient_low;
  quotient[1] = quotient_high;
  rest[0] = rest_low;
  rest[1] = rest_high;
}

ROUTINE void __sbf_udiv128(u64 *out, u64 a_low, u64 a_high, u64 b_low, u64 b_high) {
  u64 n[2] = {a_low, a_high}, d[2] = {b_low, b_high}, rest[2];
  divide(out, rest, n, d);
}

ROUTINE void __sbf_urem128(u64 *out, u64 a_low, u64 a_high, u64 b_low, u64 b_high) {
  u64 n[2] = {a_low, a_high}, d[2] = {b_low, b_high}, quotient[2];
  divide(quotient, out, n, d);
}

static int is_negative(u64 high) {
  return (i64)high < 0;
}

static void negate(u64 *x) {
  x[0] = ~x[0] + 1;
  x[1] = ~x[1] + (x[0] == 0);
}

ROUTINE void __sbf_sdiv128(u64 *out, u64 a_low, u64 a_high, u64 b_low, u64 b_high) {
  u64 n[2] = {a_low, a_high}, d[2] = {b_low, b_high}, rest[2];
  if (is_negative(a_high))
    negate(n);
  if (is_negative(b_high))
    negate(d);
  divide(out, rest, n, d);
  if (is_negative(a_high) ^ is_negative(b_high))
    negate(out);
}

// The rest has the dividend's sign.
ROUTINE void __sbf_srem128(u64 *out, u64 a_low, u64 a_high, u64 b_low, u64 b_high) {
  u64 n[2] = {a_low, a_high}, d[2] = {b_low, b_high}, quotient[2];
  if (is_negative(a_high))
    negate(n);
  if (is_negative(b_high))
    negate(d);
  divide(quotient, out, n, d);
  if (is_negative(a_high))
    negate(out);
}

// Returns whether the product leaves the signed range. The magnitude 2^127 fits only if negative.
ROUTINE u64 __sbf_smulo128(u64 *out, u64 a_low, u64 a_high, u64 b_low, u64 b_high) {
  u64 a[2] = {a_low, a_high}, b[2] = {b_low, b_high};
  int negative = is_negative(a_high) ^ is_negative(b_high);
  if (is_negative(a_high))
    negate(a);
  if (is_negative(b_high))
    negate(b);
  u64 overflow = __sbf_umulo128(out, a[0], a[1], b[0], b[1]);
  if (negative) {
    negate(out);
    overflow |= ((out[0] | out[1]) != 0) & ((i64)out[1] >= 0);
  } else {
    overflow |= is_negative(out[1]);
  }
  return overflow;
}

// Shifts by a whole word are cases of their own: a word shifted by 64 is undefined.

ROUTINE void __sbf_shl128(u64 *out, u64 low, u64 high, u64 shift) {
  shift &= 127;
  if (shift == 0) {
    out[0] = low;
    out[1] = high;
  } else if (shift < 64) {
    out[0] = low << shift;
    out[1] = (high << shift) | (low >> (64 - shift));
  } else {
    out[0] = 0;
    out[1] = low << (shift - 64);
  }
}

ROUTINE void __sbf_lshr128(u64 *out, u64 low, u64 high, u64 shift) {
  shift &= 127;
  if (shift == 0) {
    out[0] = low;
    out[1] = high;
  } else if (shift < 64) {
    out[1] = high >> shift;
    out[0] = (low >> shift) | (high << (64 - shift));
  } else {
    out[1] = 0;
    out[0] = high >> (shift - 64);
  }
}

ROUTINE void __sbf_ashr128(u64 *out, u64 low, u64 high, u64 shift) {
  shift &= 127;
  if (shift == 0) {
    out[0] = low;
    out[1] = high;
  } else if (shift < 64) {
    out[1] = (u64)((i64)high >> shift);
    out[0] = (low >> shift) | (high << (64 - shift));
  } else {
    out[1] = (u64)((i64)high >> 63);
    out[0] = (u64)((i64)high >> (shift - 64));
  }
}

// The low 256 bits of a product of two 256-bit values, four words each, low word first.
ROUTINE void __sbf_mul256(u64 *out, const u64 *a, const u64 *b) {
  u64 sum[4] = {0, 0, 0, 0};
  for (int i = 0; i < 4; i++) {
    u64 carry = 0;
    for (int j = 0; i + j < 4; j++) {
      u64 low = a[i] * b[j];
      u64 high = __sbf_mulhi(a[i], b[j]);
      u64 with_sum = sum[i + j] + low;
      high += with_sum < low;
      u64 with_carry = with_sum + carry;
      high += with_carry < carry;
      sum[i + j] = with_carry;
      carry = high;
    }
  }
  for (int i = 0; i < 4; i++)
    out[i] = sum[i];
}
