//! CRC-32 (IEEE) of bank rows, a byte a step from a table made at compile time.
//!
//! Invariant: the value between steps is the finished CRC of what was taken so far.

const POLYNOMIAL: u32 = 0xedb8_8320;

const TABLE: [u32; 256] = {
    let mut table = [0; 256];
    let mut index = 0;
    let mut seed = 0u32;
    while index < 256 {
        let mut value = seed;
        let mut bit = 0;
        while bit < 8 {
            value = if value & 1 == 1 { value >> 1 ^ POLYNOMIAL } else { value >> 1 };
            bit += 1;
        }
        table[index] = value;
        index += 1;
        seed += 1;
    }
    table
};

/// The CRC of everything before and `bytes`; 0 is that of nothing.
fn bytes(crc: u32, bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!crc, |state, byte| {
        let [low, ..] = state.to_le_bytes();
        state >> 8 ^ TABLE[usize::from(low ^ byte)]
    })
}

/// The CRC of everything before and the 32 bytes of a row.
pub(crate) fn row(crc: u32, words: &[u64; 4]) -> u32 {
    words.iter().fold(crc, |crc, word| bytes(crc, &word.to_le_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_check_value_of_crc_32_is_that_of_its_catalogue() {
        assert_eq!(bytes(0, b"123456789"), 0xcbf4_3926);
        assert_eq!(bytes(bytes(0, b"1234"), b"56789"), 0xcbf4_3926, "in two parts");
    }

    #[test]
    fn a_row_is_its_words_little_endian() {
        let words = [0x0807_0605_0403_0201, 0, u64::MAX, 1];
        let all: Vec<u8> = words.iter().flat_map(|word: &u64| word.to_le_bytes()).collect();
        assert_eq!(all[..8], [1, 2, 3, 4, 5, 6, 7, 8]);
        assert_eq!(row(0, &words), bytes(0, &all));
    }
}
