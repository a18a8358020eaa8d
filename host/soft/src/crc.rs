//! CRC-32 (IEEE) of bank rows.
//!
//! Invariant: the value between rows is the finished CRC of what was taken so far.

/// The CRC of everything before and the 32 bytes of a row; 0 is that of nothing.
pub(crate) fn row(crc: u32, words: &[u64; 4]) -> u32 {
    let mut hasher = crc32fast::Hasher::new_with_initial(crc);
    for word in words {
        hasher.update(&word.to_le_bytes());
    }
    hasher.finalize()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_summed_as_their_bytes_little_endian_in_order() {
        let rows = [[0x0807_0605_0403_0201, 0, u64::MAX, 1], [2, 3, 4, 5]];
        let bytes: Vec<u8> = rows.iter().flatten().flat_map(|word: &u64| word.to_le_bytes()).collect();
        assert_eq!(bytes[..8], [1, 2, 3, 4, 5, 6, 7, 8]);
        assert_eq!(rows.iter().fold(0, row), crc32fast::hash(&bytes));
        assert_eq!(crc32fast::hash(b"123456789"), 0xcbf4_3926, "the check value of the standard");
    }
}
