//! The study as a table in Markdown.

use tern_train::language::Recipe;
use tern_train::quantize::Precision;
use tern_train::quantize::Quantizer;

use super::cell::Cell;

/// What the table shows, in a line.
pub fn title(recipe: &Recipe) -> String {
    let slope = match &recipe.precision {
        Precision::Study(study) => match study.slope_end {
            Some(end) => format!("{} to {end}", study.slope),
            None => study.slope.to_string(),
        },
        _ => unreachable!("a study follows a recipe of precision study"),
    };
    format!(
        "Test perplexity, {}, {} of {} units, epochs {}, seed {}; sloping factor 1, and {slope} where sloped",
        recipe.corpus.name(),
        recipe.cell.name().to_uppercase(),
        recipe.units,
        recipe.epochs,
        recipe.seed
    )
}

/// Columns of the table: quantizer of the activations, and whether they are sloped.
pub fn columns() -> Vec<(&'static str, bool)> {
    let column = |sloped| move |quantizer: Quantizer| (quantizer.name(), sloped);
    let quantized = Quantizer::STUDIED.into_iter().skip(1);
    let plain = Quantizer::STUDIED.into_iter().map(column(false));
    plain.chain(quantized.map(column(true))).collect()
}

/// The cell of a row and a column.
pub fn find<'a>(cells: &'a [Cell], weights: &str, column: (&str, bool)) -> Option<&'a Cell> {
    let matches = |cell: &&Cell| {
        cell.weights == weights && (cell.activations, cell.sloped) == (column.0, column.1)
    };
    cells.iter().find(matches)
}

/// One row per quantizer of the weights, one column per quantizer of the activations.
pub fn markdown(cells: &[Cell]) -> String {
    let columns = columns();
    let head = columns.iter().map(|(activations, sloped)| match sloped {
        true => format!(" {activations}, sloped |"),
        false => format!(" {activations} |"),
    });
    let mut text = format!("| weights, activations: |{}\n", head.collect::<String>());
    text += &format!("|---|{}\n", "---|".repeat(columns.len()));
    for weights in Quantizer::STUDIED.map(Quantizer::name) {
        text += &format!("| {weights} |");
        for column in &columns {
            if let Some(cell) = find(cells, weights, *column) {
                text += &format!(" {:.2} |", cell.figures.test_perplexity);
            }
        }
        text.push('\n');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::network::study::cell::Figures;

    #[test]
    fn every_cell_stands_in_its_row_and_column() {
        let columns = columns();
        assert_eq!(columns.len(), 7);
        let mut cells = Vec::new();
        for (row, weights) in Quantizer::STUDIED
            .map(Quantizer::name)
            .into_iter()
            .enumerate()
        {
            for (column, &(activations, sloped)) in columns.iter().enumerate() {
                let figure = (10 * row + column) as f64;
                cells.push(Cell {
                    weights,
                    activations,
                    sloped,
                    figures: Figures {
                        validation_perplexity: 0.0,
                        test_perplexity: figure,
                    },
                });
            }
        }
        let table = markdown(&cells);
        let lines: Vec<&str> = table.lines().collect();
        assert_eq!(lines.len(), 6);
        assert!(
            lines[0].ends_with(
                "| bernoulli | uniform, sloped | threshold, sloped | bernoulli, sloped |"
            )
        );
        assert_eq!(lines[1], "|---|---|---|---|---|---|---|---|");
        assert_eq!(
            lines[4],
            "| threshold | 20.00 | 21.00 | 22.00 | 23.00 | 24.00 | 25.00 | 26.00 |"
        );
    }
}
