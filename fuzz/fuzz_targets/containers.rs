//! Any bytes as a file of any kind: taking it apart never panics, ends, and
//! hands out no more than the limits allow.
#![no_main]

use std::io::Cursor;

use firsthand_page::format::{Limits, Options, Table, members};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let Some((&how, bytes)) = bytes.split_first() else { return };
    let limits = Limits { member: 1 << 16, container: 1 << 18, total: 1 << 20, ratio: 50, depth: 3 };
    let table = match how % 8 {
        1 => Some(Table::JsonLines),
        2 => Some(Table::Csv),
        3 => Some(Table::Tsv),
        _ => None,
    };
    let options = Options { limits, table, as_is: how & 8 != 0, ..Options::default() };
    let mut total = 0;
    members(Cursor::new(bytes), "file", &options, &mut |member| {
        if let Ok(member) = member {
            assert!(member.bytes.len() <= limits.member, "a member keeps to its limit");
            total += member.bytes.len() as u64;
        }
        true
    });
    assert!(total <= limits.total, "a file keeps to its limit");
});
