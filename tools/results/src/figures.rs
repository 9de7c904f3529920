//! Figures in the place of placeholders.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;
use tern_gen_verilog::failure::Failure;

use crate::row::{Group, Records, Row, Rows, failed};
use crate::source;

/// What fills placeholders.
pub struct Figures {
    rows: Rows,
    records: Records,
    /// Rows whose record is not of the present sources.
    stale: BTreeSet<String>,
}

impl Figures {
    /// The figures of `records`, held against the present sources.
    ///
    /// # Errors
    /// When sources cannot be read or generated.
    pub fn new(rows: Rows, records: Records) -> Result<Figures, Failure> {
        let mut stale = BTreeSet::new();
        for row in &rows.row {
            let hash = source::hash(row)?;
            if records
                .get(&row.id)
                .is_none_or(|record| record.hash != hash)
            {
                stale.insert(row.id.clone());
            }
        }
        Ok(Figures {
            rows,
            records,
            stale,
        })
    }

    /// Rows to be measured: those without a record of the present sources, of training without any.
    pub fn to_measure(&self) -> Vec<&str> {
        let due = |row: &&Row| match row.group {
            Group::Training => !self.records.contains_key(&row.id),
            _ => self.stale.contains(&row.id),
        };
        self.rows
            .row
            .iter()
            .filter(due)
            .map(|row| &row.id[..])
            .collect()
    }

    /// `text` with every `{{placeholder}}` replaced: `row.value`; `row.value / 2 : 1`, an expression from left to right and its
    /// decimals; `rows`, what is measured and with what; `modules row row …`, areas side by side; `rust FILE` and
    /// `verilog MODULE`, parts of the sources.
    ///
    /// # Errors
    /// When a placeholder names nothing.
    pub fn fill(&self, text: &str) -> Result<String, Failure> {
        let (mut filled, mut earlier) = (String::new(), BTreeSet::new());
        let mut parts = text.split("{{");
        filled += parts.next().unwrap_or_default();
        for part in parts {
            let (inside, after) = part
                .split_once("}}")
                .ok_or_else(|| failed(part, "}} is missing"))?;
            let (first, others) = inside.split_once(' ').unwrap_or((inside, ""));
            filled += &match first {
                "rows" => self.table(),
                "modules" => self.modules(&others.split(' ').collect::<Vec<_>>()),
                "rust" => source::rust(others)?,
                "verilog" => source::module(others)?,
                _ => self.figure(inside, &mut earlier)?,
            };
            filled += after;
        }
        if !earlier.is_empty() {
            let commits: Vec<&str> = earlier.iter().map(String::as_str).collect();
            filled += &format!(
                "\n† measured at {}, of earlier sources.\n",
                commits.join(", ")
            );
        }
        Ok(filled)
    }

    /// A figure, with `†` where it is of earlier sources, whose commit goes to `earlier`.
    fn figure(&self, inside: &str, earlier: &mut BTreeSet<String>) -> Result<String, Failure> {
        let mut commits = BTreeSet::new();
        let (expression, decimals) = inside.split_once(" : ").unwrap_or((inside, ""));
        let words: Vec<&str> = expression.split_whitespace().collect();
        let mut number = |word: &str| match word.parse() {
            Ok(number) => Ok(number),
            Err(_) => self
                .value(word, &mut commits)?
                .as_f64()
                .ok_or_else(|| failed(word, "is no number")),
        };
        let text = if let ([word], "") = (&words[..], decimals) {
            let value = self.value(word, &mut commits)?;
            value.as_str().map_or(value.to_string(), str::to_owned)
        } else {
            let mut result = number(words.first().unwrap_or(&""))?;
            for pair in words[1..].chunks(2) {
                let next = number(pair.get(1).unwrap_or(&""))?;
                result = match pair[0] {
                    "*" => result * next,
                    "/" => result / next,
                    "+" => result + next,
                    "-" => result - next,
                    other => return Err(failed(inside, format!("{other} is none of * / + -"))),
                };
            }
            format!("{result:.*}", decimals.trim().parse().unwrap_or(0))
        };
        let mark = if commits.is_empty() { "" } else { "†" };
        earlier.append(&mut commits);
        Ok(text + mark)
    }

    /// The value `row.value`.
    fn value(&self, word: &str, earlier: &mut BTreeSet<String>) -> Result<&Value, Failure> {
        let found = word.split_once('.').and_then(|(id, name)| {
            let record = self.records.get(id)?;
            if self.stale.contains(id) {
                earlier.insert(record.commit.clone());
            }
            record.values.get(name)
        });
        found.ok_or_else(|| failed(word, "is no value that was measured"))
    }

    /// Every row with its commands, its wall time, the commit that it was measured at, processor and tools.
    fn table(&self) -> String {
        let mut table =
            "| id | what | commands | time | measured at | with |\n|---|---|---|---|---|---|\n"
                .to_owned();
        for row in &self.rows.row {
            let Some(record) = self.records.get(&row.id) else {
                continue;
            };
            let lines = row.setup.iter().chain([&row.command]);
            let lines: Vec<_> = lines
                .map(|line| format!("`{}`", line.replace('|', "\\|")))
                .collect();
            let time = match record.values.get("seconds").and_then(Value::as_f64) {
                None => "hours".to_owned(),
                Some(seconds) if seconds < 100.0 => format!("{seconds:.0} s"),
                Some(seconds) => format!("{:.0} min", seconds / 60.0),
            };
            let stale = match self.stale.contains(&row.id) {
                true => ", of earlier sources",
                false => "",
            };
            let tools = record.tools.iter();
            let tools: String = tools
                .map(|(tool, version)| format!(", {tool} {version}"))
                .collect();
            let (id, what, commit, processor) =
                (&row.id, &row.what, &record.commit, &record.processor);
            table += &format!(
                "| `{id}` | {what} | {} | {time} | {commit}{stale} | {processor}{tools} |\n",
                lines.join("<br>")
            );
        }
        table
    }

    /// LUT4s, flip-flops and block RAMs of every module, a column per row of `ids`.
    fn modules(&self, ids: &[&str]) -> String {
        let mut cells = BTreeMap::<String, Vec<String>>::new();
        for (column, id) in ids.iter().enumerate() {
            let modules = self
                .records
                .get(*id)
                .and_then(|record| record.values.get("modules")?.as_array());
            for module in modules.into_iter().flatten() {
                let name = module["module"].as_str().unwrap_or_default().to_owned();
                let row = cells
                    .entry(name)
                    .or_insert_with(|| vec![String::new(); ids.len()]);
                row[column] = format!(
                    "{} × {} / {} / {}",
                    module["instances"], module["luts"], module["flip_flops"], module["rams"]
                );
            }
        }
        let line =
            |(name, row): (String, Vec<String>)| format!("| `{name}` | {} |\n", row.join(" | "));
        cells.into_iter().map(line).collect()
    }
}
