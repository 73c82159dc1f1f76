//! Killed at any moment while reading, the ledger opens, holds whole reports
//! only, and the next run finishes the job.

mod util;

use std::process::Stdio;
use std::time::Duration;

use util::{Desk, page};

const PAGES: usize = 160;

#[test]
fn killed_fifty_times() {
    let desk = Desk::new();
    for n in 0..PAGES {
        desk.write(&format!("pages/{n}.html"), page(n));
    }
    desk.ok(&["read", "--quiet", "--ledger", "whole.db", "pages"]);
    let mut interrupted = 0;
    for round in 0..50u64 {
        if round % 10 == 0 {
            for ending in ["", "-wal", "-shm"] {
                let _ = std::fs::remove_file(desk.path(&format!("cut.db{ending}")));
            }
        }
        let mut child = desk
            .command(&["read", "--quiet", "--ledger", "cut.db", "pages"])
            .stderr(Stdio::null())
            .spawn()
            .expect("it starts");
        // A spread of moments from the first milliseconds on.
        std::thread::sleep(Duration::from_millis(3 + round * 37 % 211));
        interrupted += u32::from(child.try_wait().expect("its state").is_none());
        child.kill().expect("it can be killed");
        child.wait().expect("it ends");
        if desk.path("cut.db").exists() {
            let run = desk.run(&["verify", "--ledger", "cut.db"]);
            // Killed before the schema stood, there is nothing to verify yet.
            let unborn = run.code == 2 && run.stderr.contains("not a firsthand ledger");
            assert!(run.code == 0 || unborn, "round {round}: {}{}", run.stdout, run.stderr);
        }
    }
    assert!(interrupted >= 10, "only {interrupted} runs were cut short: the test tests nothing");
    desk.ok(&["read", "--quiet", "--ledger", "cut.db", "pages"]);
    assert_eq!(desk.export("cut.db"), desk.export("whole.db"));
}
