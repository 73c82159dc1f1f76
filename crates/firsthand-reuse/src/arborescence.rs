/// A directed edge with its cost.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Edge {
    pub from: usize,
    pub to: usize,
    pub cost: f64,
}

/// The cheapest tree that reaches every node from node 0 (Chu and Liu 1965,
/// Edmonds 1967): the parent of each node; node 0 is its own. Every node must
/// have an edge from node 0, so there always is such a tree. Ties go to the
/// edge given first.
pub(crate) fn cheapest(nodes: usize, edges: &[Edge]) -> Vec<usize> {
    let chosen = solve(nodes, &edges.iter().enumerate().map(|(i, e)| (e.from, e.to, e.cost, i)).collect::<Vec<_>>());
    let mut parent = vec![0; nodes];
    for i in chosen {
        parent[edges[i].to] = edges[i].from;
    }
    parent
}

/// Edges as (from, to, cost, index); returns the indices of the chosen ones.
fn solve(nodes: usize, edges: &[(usize, usize, f64, usize)]) -> Vec<usize> {
    // The cheapest edge into each node, as an index in `edges`.
    let mut best: Vec<Option<usize>> = vec![None; nodes];
    for (i, e) in edges.iter().enumerate() {
        if e.1 != 0 && e.0 != e.1 && best[e.1].is_none_or(|b| e.2 < edges[b].2) {
            best[e.1] = Some(i);
        }
    }
    let Some(group) = circles(nodes, edges, &best) else {
        return best.iter().flatten().map(|&i| edges[i].3).collect();
    };
    // Each circle becomes one node; an edge into it pays what it saves.
    let count = group.iter().max().map_or(0, |m| m + 1);
    let mut members = vec![0_usize; count];
    group.iter().for_each(|&g| members[g] += 1);
    let mut inner: Vec<(usize, usize, f64, usize)> = Vec::new();
    for (i, e) in edges.iter().enumerate() {
        let (from, to) = (group[e.0], group[e.1]);
        if from != to {
            let saved = match best[e.1] {
                Some(b) if members[to] > 1 => edges[b].2,
                _ => 0.0,
            };
            inner.push((from, to, e.2 - saved, i));
        }
    }
    let chosen = solve(count, &inner);
    let mut entered = vec![false; nodes];
    for &i in &chosen {
        entered[edges[i].1] = true;
    }
    let mut out: Vec<usize> = chosen.iter().map(|&i| edges[i].3).collect();
    for node in 0..nodes {
        if members[group[node]] > 1
            && !entered[node]
            && let Some(b) = best[node]
        {
            out.push(edges[b].3);
        }
    }
    out
}

/// The group of each node if some cheapest edges run in circles: a circle is
/// one group, every other node its own. Node 0 stays group 0.
fn circles(nodes: usize, edges: &[(usize, usize, f64, usize)], best: &[Option<usize>]) -> Option<Vec<usize>> {
    let mut group = vec![usize::MAX; nodes];
    let mut state = vec![0_usize; nodes];
    let mut next = 1;
    let mut any = false;
    group[0] = 0;
    for start in 1..nodes {
        let mut at = start;
        while at != 0 && state[at] == 0 {
            state[at] = start;
            at = best[at].map_or(0, |b| edges[b].0);
        }
        if at != 0 && state[at] == start && group[at] == usize::MAX {
            any = true;
            while group[at] == usize::MAX {
                group[at] = next;
                at = best[at].map_or(0, |b| edges[b].0);
            }
            next += 1;
        }
    }
    for g in group.iter_mut().filter(|g| **g == usize::MAX) {
        *g = next;
        next += 1;
    }
    any.then_some(group)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_circle_is_broken_where_it_is_cheapest() {
        let edge = |from, to, cost| Edge { from, to, cost };
        let edges =
            [edge(0, 1, 10.0), edge(0, 2, 10.0), edge(0, 3, 9.0), edge(1, 2, 1.0), edge(2, 1, 2.0), edge(3, 2, 4.0)];
        // 1 and 2 copy each other; the way in through 3 to 2 costs least.
        assert_eq!(cheapest(4, &edges), [0, 2, 3, 0]);
    }
}
