//! What a design needs more of than the device has, from nextpnr's log.

use super::board::Board;

/// One sentence about the first resource that is short, pins before all others; `None` if everything suffices.
///
/// nextpnr lists `KIND: used/ available` below the line "Device utilisation", pins as those that the package brings out.
pub(super) fn shortage(log: &str, board: &Board) -> Option<String> {
    let rows = log
        .lines()
        .skip_while(|line| !line.contains("Device utilisation:"));
    let mut short: Vec<Row> = rows
        .filter_map(row)
        .filter(|row| row.used > row.available)
        .collect();
    short.sort_by_key(|row| !row.is_pin());
    let Row {
        kind,
        used,
        available,
    } = short.first()?;
    let device = &board.device;
    Some(match short[0].is_pin() {
        true => format!(
            "the core's ports have {used} bits, and package {} of {device} on {} has {available} pins",
            board.package, board.name
        ),
        false => format!(
            "the core needs {used} {kind}, and {device} on {} has {available}",
            board.name
        ),
    })
}

struct Row<'l> {
    kind: &'l str,
    used: usize,
    available: usize,
}

impl Row<'_> {
    fn is_pin(&self) -> bool {
        matches!(self.kind, "SB_IO" | "TRELLIS_IO")
    }
}

/// `Info:   TRELLIS_IO:    296/  197   150%`
fn row(line: &str) -> Option<Row<'_>> {
    let (kind, counts) = line.strip_prefix("Info:")?.trim().split_once(':')?;
    let (used, rest) = counts.split_once('/')?;
    Some(Row {
        kind,
        used: used.trim().parse().ok()?,
        available: rest.split_whitespace().next()?.parse().ok()?,
    })
}

#[cfg(test)]
mod tests {
    use super::{Board, shortage};

    const LOG: &str = "Info: Packing IOs..\nInfo:     Total LUT4s:     99999/24288     1%\n\
        Info: Device utilisation:\nInfo: \t              DP16KD:       1/     56     1%\n\
        Info: \t          TRELLIS_IO:      72/    197    36%\nInfo: \t        TRELLIS_COMB:    488/  24288     2%\n\
        ERROR: Unable to place cell 'm_axis_tdata[233]$tr_io'\n";

    #[test]
    fn pins_come_first_and_enough_is_enough() {
        let board = Board::of_device("ecp5-25k").expect("its board");
        assert_eq!(shortage(LOG, &board), None);
        let rams = LOG.replace("   1/     56", "  60/     56");
        let message = shortage(&rams, &board).expect("block RAMs are short");
        assert_eq!(
            message,
            "the core needs 60 DP16KD, and ecp5-25k on ULX3S 25F has 56"
        );
        let both = rams.replace(" 72/", "296/");
        let message = shortage(&both, &board).expect("pins are short");
        assert_eq!(
            message,
            "the core's ports have 296 bits, and package CABGA381 of ecp5-25k on ULX3S 25F has 197 pins"
        );
    }
}
