//! Word classes from unlabelled text, by exchange: each word moves to the
//! class in which a bigram model of classes explains its neighbours best
//! (the two-sided form of predictive exchange, Uszkoreit and Brants 2008).

use std::collections::BTreeMap;

use rustc_hash::FxHashMap;

/// Words seen at least this often get a class.
const LEAST: u32 = 4;
/// The rarest words of all share one row of counts.
const ROWS: usize = 24_000;

/// Learns `classes` classes (at most 255); returns each word's, 1-based.
pub(crate) fn learn(sentences: &[Vec<String>], classes: usize, passes: usize) -> BTreeMap<String, u8> {
    let mut counts: BTreeMap<&str, u32> = BTreeMap::new();
    for word in sentences.iter().flatten() {
        *counts.entry(word).or_default() += 1;
    }
    let mut vocabulary: Vec<(&str, u32)> = counts.into_iter().filter(|&(_, n)| n >= LEAST).collect();
    vocabulary.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(b.0)));
    let ids: FxHashMap<&str, u32> = vocabulary.iter().enumerate().map(|(i, w)| (w.0, i as u32 + 2)).collect();
    // 0 is the sentence edge, 1 every rare word; both have a row, no class.
    let n = vocabulary.len() + 2;
    let rows = n.min(ROWS);
    let row = |id: u32| if (id as usize) < rows { id } else { 1 };
    let mut left: Vec<Vec<u32>> = vec![Vec::new(); n];
    let mut right: Vec<Vec<u32>> = vec![Vec::new(); n];
    let mut total = vec![0u32; n];
    for sentence in sentences {
        let mut before = 0u32;
        let list: Vec<u32> = sentence.iter().map(|w| ids.get(w.as_str()).copied().unwrap_or(1)).collect();
        for (i, &id) in list.iter().enumerate() {
            total[id as usize] += 1;
            if id > 1 {
                left[id as usize].push(row(before));
                right[id as usize].push(row(list.get(i + 1).copied().unwrap_or(0)));
            }
            before = id;
        }
    }
    let grouped = |list: &mut Vec<u32>| -> Vec<(u32, u32)> {
        list.sort_unstable();
        let mut out: Vec<(u32, u32)> = Vec::new();
        for &id in list.iter() {
            match out.last_mut() {
                Some(last) if last.0 == id => last.1 += 1,
                _ => out.push((id, 1)),
            }
        }
        *list = Vec::new();
        out
    };
    let left: Vec<Vec<(u32, u32)>> = left.iter_mut().map(grouped).collect();
    let right: Vec<Vec<(u32, u32)>> = right.iter_mut().map(grouped).collect();

    // Counts of (neighbour, class), for both sides.
    let mut of: Vec<u8> = (0..n).map(|i| (i.saturating_sub(2) % classes) as u8).collect();
    let mut sides = [vec![0u32; rows * classes], vec![0u32; rows * classes]];
    let mut size = vec![0u64; classes];
    let shift = |sides: &mut [Vec<u32>; 2], size: &mut [u64], id: usize, class: usize, add: bool| {
        for (side, list) in [(0, &left[id]), (1, &right[id])] {
            for &(other, count) in list {
                let cell = &mut sides[side][other as usize * classes + class];
                *cell = if add { *cell + count } else { *cell - count };
            }
        }
        let count = u64::from(total[id]);
        size[class] = if add { size[class] + count } else { size[class] - count };
    };
    for id in 2..n {
        shift(&mut sides, &mut size, id, of[id] as usize, true);
    }
    let table: Vec<f32> = (0..1 << 16).map(|x| if x == 0 { 0.0 } else { x as f32 * (x as f32).ln() }).collect();
    let xlnx = |x: u32| table.get(x as usize).copied().unwrap_or_else(|| x as f32 * (x as f32).ln());
    let mut gain = vec![0f32; classes];
    for _ in 0..passes {
        for id in 2..n {
            shift(&mut sides, &mut size, id, of[id] as usize, false);
            gain.fill(0.0);
            for (side, list) in [(0, &left[id]), (1, &right[id])] {
                for &(other, count) in list {
                    let cells = &sides[side][other as usize * classes..(other as usize + 1) * classes];
                    for (g, &cell) in gain.iter_mut().zip(cells) {
                        *g += xlnx(cell + count) - xlnx(cell);
                    }
                }
            }
            let count = u64::from(total[id]) as f64;
            let mut best = (f64::NEG_INFINITY, 0);
            for (class, g) in gain.iter().enumerate() {
                let before = size[class] as f64;
                let after = before + count;
                let cost = 2.0 * (after * after.ln() - if before > 0.0 { before * before.ln() } else { 0.0 });
                if f64::from(*g) - cost > best.0 {
                    best = (f64::from(*g) - cost, class);
                }
            }
            of[id] = best.1 as u8;
            shift(&mut sides, &mut size, id, best.1, true);
        }
    }
    vocabulary.iter().enumerate().map(|(i, w)| (w.0.to_owned(), of[i + 2] + 1)).collect()
}
