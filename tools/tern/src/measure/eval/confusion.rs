//! Which classes are taken for which.

/// Counts `[true class][predicted class]`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Confusion {
    counts: Vec<Vec<usize>>,
}

impl Confusion {
    /// No counts yet, over `classes` classes.
    pub fn new(classes: usize) -> Confusion {
        Confusion {
            counts: vec![vec![0; classes]; classes],
        }
    }

    /// Counts one prediction; both classes are below the number of classes.
    pub fn count(&mut self, class: usize, predicted: usize) {
        self.counts[class][predicted] += 1;
    }

    /// The counts.
    pub fn counts(&self) -> &[Vec<usize>] {
        &self.counts
    }

    /// Predictions counted.
    pub fn total(&self) -> usize {
        self.counts.iter().flatten().sum()
    }

    /// Predictions that are right.
    pub fn correct(&self) -> usize {
        (0..self.counts.len())
            .map(|class| self.counts[class][class])
            .sum()
    }

    /// Right predictions over all of them, 0 where there is none.
    pub fn accuracy(&self) -> f64 {
        self.correct() as f64 / self.total().max(1) as f64
    }

    /// A table with a row a true class and a column a predicted class; zeros are dots.
    pub fn table(&self, labels: &[String]) -> String {
        let width = labels.iter().map(|label| label.chars().count()).max();
        let width = width.unwrap_or(0).max(4);
        let cell = |text: &str| format!(" {text:>width$}");
        let heading: String = labels.iter().map(|label| cell(label)).collect();
        let mut table = format!("{:>width$}{heading}\n", "");
        for (label, row) in labels.iter().zip(&self.counts) {
            let count = |count: &usize| match count {
                0 => cell("."),
                count => cell(&count.to_string()),
            };
            let cells: String = row.iter().map(count).collect();
            table += &format!("{label:>width$}{cells}\n");
        }
        table
    }
}

#[cfg(test)]
mod tests {
    use super::Confusion;

    #[test]
    fn rows_are_true_classes() {
        let mut confusion = Confusion::new(2);
        confusion.count(0, 1);
        confusion.count(1, 1);
        assert_eq!(confusion.counts(), [[0, 1], [0, 1]]);
        assert_eq!((confusion.correct(), confusion.total()), (1, 2));
        assert_eq!(
            confusion.table(&["no".to_owned(), "yes".to_owned()]),
            "       no  yes\n  no    .    1\n yes    .    1\n"
        );
    }
}
