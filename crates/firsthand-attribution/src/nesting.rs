//! Attributions inside the contents of others.

use crate::found::Found;

/// The parent of each: the smallest other content that holds its cue and
/// reaches beyond its own content.
pub(crate) fn parents(found: &[Found]) -> Vec<Option<u32>> {
    let len = |f: &Found| f.content.iter().map(|c| c.len()).sum::<usize>();
    // Pieces in order of their start, with the furthest end seen so far: a
    // search back from a cue stops where no piece can reach it.
    let mut pieces: Vec<(u32, u32, usize)> =
        found.iter().enumerate().flat_map(|(i, f)| f.content.iter().map(move |c| (c.start, c.end, i))).collect();
    pieces.sort_unstable();
    let mut reach: Vec<u32> = Vec::with_capacity(pieces.len());
    for (_, end, _) in &pieces {
        reach.push((*end).max(reach.last().copied().unwrap_or(0)));
    }
    found
        .iter()
        .enumerate()
        .map(|(i, f)| {
            let anchor = f.cue.first().or(f.source.first()).copied()?;
            let until = pieces.partition_point(|p| p.0 <= anchor.start);
            (0..until)
                .rev()
                .take_while(|&k| reach.get(k).is_some_and(|&r| r > anchor.start))
                .take(64)
                .filter_map(|k| pieces.get(k))
                .filter(|p| p.2 != i && p.1 >= anchor.end)
                .filter_map(|p| found.get(p.2).map(|other| (len(other), p.2)))
                .filter(|&(n, j)| n > len(f) || (n == len(f) && j < i))
                .min()
                .map(|(_, j)| j as u32)
        })
        .collect()
}
