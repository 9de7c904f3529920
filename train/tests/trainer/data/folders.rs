//! A folder of sequences of one's own: how its list is read, what is drawn that it does not say, and
//! what is wrong with one, in one sentence each.

use std::path::Path;

use crate::support::waves;
use tern_train::TrainError;
use tern_train::classify::{Known, Sequence, Sequences, folder};

fn sentence<T>(result: Result<T, TrainError>) -> String {
    let error = result.err().expect("refused").to_string();
    assert!(!error.contains('\n'), "{error}");
    error
}

/// A folder of six sequences in two classes, whose list is `list`.
fn listed(list: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for k in 0..6 {
        std::fs::write(
            folder.path().join(format!("{k}.csv")),
            format!("{k},1.5\n2,-3e-2\n"),
        )
        .unwrap();
    }
    std::fs::write(folder.path().join("labels.csv"), list).unwrap();
    folder
}

const GOOD: &str =
    "file,label,split\n0.csv,b,train\n1.csv,a,train\n2.csv,a,validation\n3.csv,b,test\n";

#[test]
fn a_list_says_file_label_and_split() {
    let folder = listed(GOOD);
    let found = folder::read(folder.path(), 1).unwrap();
    assert_eq!(found.labels, ["a", "b"]);
    assert_eq!(found.train[0].values, [[0.0, 1.5], [2.0, -0.03]]);
    let classes = |part: &[tern_train::classify::Sequence]| -> Vec<usize> {
        part.iter().map(|s| s.class).collect()
    };
    assert_eq!(classes(&found.train), [1, 0]);
    assert_eq!(classes(&found.validation), [0]);
    assert_eq!(classes(&found.test), [1]);
    assert_eq!(
        found.test[0].name,
        folder.path().join("3.csv").display().to_string()
    );
    assert_eq!(found.notes, [""; 0]);
}

#[test]
fn without_a_split_the_seed_draws_a_sixth_of_each_class() {
    let place = tempfile::tempdir().unwrap();
    waves(place.path(), 1);
    let list = place.path().join("labels.csv");
    let text = std::fs::read_to_string(&list).unwrap();
    let lines: Vec<&str> = text
        .lines()
        .map(|l| l.rsplit_once(',').unwrap().0)
        .collect();
    std::fs::write(&list, lines.join("\n")).unwrap();
    let read = |seed| folder::read(place.path(), seed).unwrap();
    let first = read(1);
    let count = |s: &Sequences| [s.train.len(), s.validation.len(), s.test.len()];
    assert_eq!(count(&first), [159, 39, 42]);
    let of_class = |k| first.test.iter().filter(|s| s.class == k).count();
    assert_eq!([0, 1, 2].map(of_class), [14; 3]);
    assert_eq!(first, read(1));
    assert_ne!(first.test, read(2).test);
}

#[test]
fn what_is_wrong_with_a_folder_is_named() {
    let read = |list: &str| sentence(folder::read(listed(list).path(), 1));
    for (list, expected) in [
        (
            "",
            "has the columns \"\" in its first line, expected one named file",
        ),
        ("file,kind\n", "expected one named label"),
        ("file,label,class\n", "expected one named label"),
        (
            "file,label\n0.csv,a\n..,b\n",
            "line 3 names \"..\", which is a folder",
        ),
        ("file,label\n", "lists 0 files"),
        (
            "file,label\n0.csv\n",
            "line 2 has 1 columns, expected 2 as in the first line",
        ),
        (
            "file,label\n\"0.csv,a\n1.csv,b\n",
            "line 2 has a quotation mark that none closes",
        ),
        ("file,label\n0.csv,\n", "line 2 has no label"),
        (
            "file,label,split\n0.csv,a,spare\n",
            "line 2 has the split \"spare\", expected train, validation or test",
        ),
        (
            "file,label,split\n0.csv,a,train\n1.csv,b,test\n",
            "line 3 has the label \"b\", which is unknown",
        ),
        (
            "file,label,split\n0.csv,a,test\n1.csv,b,test\n",
            "has 0 sequences for training",
        ),
        (
            "file,label,split\n9.csv,a,train\n",
            "line 2 names \"9.csv\", which is missing",
        ),
        (
            "file,label,split\n0.csv,a,train\n1.csv,b,train\n",
            "has 0 sequences for validation",
        ),
        (
            "file,label\n0.csv,a\n1.csv,b\n",
            "has 0 sequences for validation, expected at least 1: a column `split` names them, or a class of 3 files gives them",
        ),
        (
            "file,label,split\n0.csv,a,train\n1.csv,a,validation\n2.csv,a,test\n",
            "training has one class only, \"a\"",
        ),
    ] {
        let error = read(list);
        assert!(error.contains("labels.csv: "), "{error}");
        assert!(error.contains(expected), "{expected}: {error}");
    }
    let missing = sentence(folder::read(Path::new("nowhere"), 1));
    assert!(missing.contains("labels.csv: cannot be read"), "{missing}");
    let place = listed(GOOD);
    std::fs::write(place.path().join("3.csv"), "1,2,3\n").unwrap();
    let error = sentence(folder::read(place.path(), 1));
    let file = |name: &str| place.path().join(name).display().to_string();
    assert_eq!(
        error,
        format!(
            "{}: has 3 features, expected 2 as in {}",
            file("3.csv"),
            file("0.csv")
        )
    );
}

#[test]
fn a_list_of_a_spreadsheet_is_read() {
    let good = folder::read(listed(GOOD).path(), 1).unwrap();
    let classes = |found: Sequences| (found.labels, found.train.len(), found.test.len());
    let expected = classes(good);
    for text in [
        GOOD.replace(',', ";"),
        GOOD.replace(',', "\t"),
        format!("\u{feff}{}", GOOD.replace('\n', "\r\n")),
    ] {
        let found = folder::read(listed(&text).path(), 1);
        assert_eq!(classes(found.expect("a list")), expected, "{text:?}");
    }
    let place = listed(GOOD);
    let latin = GOOD.replace(",b,", ",\u{e9},");
    let latin: Vec<u8> = latin.chars().map(|c| c as u8).collect();
    std::fs::write(place.path().join("labels.csv"), latin).unwrap();
    let error = sentence(folder::read(place.path(), 1));
    assert!(
        error.contains("labels.csv: byte 23 is not UTF-8"),
        "{error}"
    );
}

fn names(part: &[Sequence]) -> Vec<String> {
    let name = |s: &Sequence| s.name.rsplit('/').next().unwrap_or_default().to_owned();
    part.iter().map(name).collect()
}

#[test]
fn a_part_that_no_line_names_is_drawn_from_training() {
    let list = "file,label,split\n0.csv,a,train\n1.csv,a,train\n2.csv,b,train\n3.csv,b,train\n4.csv,a,test\n5.csv,b,test\n";
    let place = listed(list);
    let found = folder::read(place.path(), 1).unwrap();
    assert_eq!(names(&found.test), ["4.csv", "5.csv"]);
    let classes = |part: &[Sequence]| -> Vec<usize> { part.iter().map(|s| s.class).collect() };
    assert_eq!(classes(&found.validation), [0, 1]);
    assert_eq!(classes(&found.train), [0, 1]);
    assert!(
        found.notes[0].ends_with(
            "labels.csv: no line is for validation, for which 2 sequences for training are drawn by the seed 1"
        ),
        "{:?}",
        found.notes
    );
    let drawn = |seed| names(&folder::read(place.path(), seed).unwrap().validation);
    assert_eq!(drawn(1), drawn(1));
    assert!((2..9).any(|seed| drawn(seed) != drawn(1)));

    let no_test = list.replace(",test", ",validation");
    let found = folder::read(listed(&no_test).path(), 1).unwrap();
    assert_eq!(names(&found.validation), ["4.csv", "5.csv"]);
    assert_eq!([found.train.len(), found.test.len()], [2, 2]);
}

#[test]
fn a_line_without_a_part_is_for_training() {
    let list = "file,label,split\n0.csv,a,\n1.csv,b,train\n2.csv,b,validation\n3.csv,a,test\n";
    let found = folder::read(listed(list).path(), 1).unwrap();
    assert_eq!(names(&found.train), ["0.csv", "1.csv"]);
    assert_eq!(found.notes.len(), 1);
    assert!(
        found.notes[0]
            .ends_with("the number of lines without a split is 1, which are taken for training"),
        "{:?}",
        found.notes
    );
}

#[test]
fn usual_spellings_are_taken() {
    let expected = folder::read(listed(GOOD).path(), 1).unwrap();
    for [file, label, split, train, validation, test] in [
        ["File", "Label", "Split", "Train", "Validation", "Test"],
        ["FILENAME", "class", "part", "TRAIN", "val", "TEST"],
        ["path", "Class", "set", "training", "valid", "testing"],
        ["file_name", "LABEL", "subset", "Training", "dev", "test"],
    ] {
        let list = format!(
            "{file},{label},{split}\n0.csv,b,{train}\n1.csv,a,{train}\n2.csv,a,{validation}\n3.csv,b,{test}\n"
        );
        let found = folder::read(listed(&list).path(), 1).unwrap();
        assert_eq!(found.labels, expected.labels);
        for (found, expected) in [
            (&found.train, &expected.train),
            (&found.validation, &expected.validation),
            (&found.test, &expected.test),
        ] {
            assert_eq!(names(found), names(expected), "{list}");
        }
    }
    let marked = folder::read(listed(&format!("\u{feff}{GOOD}")).path(), 1).unwrap();
    assert_eq!(names(&marked.train), names(&expected.train));
}

#[test]
fn a_trained_network_knows_its_classes() {
    let labels = ["a", "b", "c"].map(str::to_owned);
    let known = |input_size| Known {
        labels: &labels,
        input_size,
    };
    let list = "file,label,split\n0.csv,c,test\n1.csv,a,test\n";
    let place = listed(list);
    let found = folder::read_known(place.path(), 1, &known(2)).unwrap();
    assert_eq!(found.labels, labels);
    let classes: Vec<usize> = found.test.iter().map(|s| s.class).collect();
    assert_eq!(classes, [2, 0]);
    assert_eq!([found.train.len(), found.validation.len()], [0, 0]);
    let error = sentence(folder::read_known(place.path(), 1, &known(3)));
    assert!(
        error.ends_with("0.csv: has 2 features, expected 3 as the network takes"),
        "{error}"
    );
    let other = listed(&list.replace(",c,", ",d,"));
    let error = sentence(folder::read_known(other.path(), 1, &known(2)));
    assert!(
        error.ends_with(
            "line 2 has the label \"d\", which the network does not know, expected one of a, b, c"
        ),
        "{error}"
    );
}

#[test]
fn a_file_that_two_lines_name_is_refused() {
    for (again, expected) in [
        (
            "0.csv,b,test",
            "lines 2 and 6 name the same file \"0.csv\", for train and for test, expected",
        ),
        (
            "./0.csv,b,train",
            "lines 2 and 6 name the same file \"./0.csv\", expected each file in one line",
        ),
        ("../DIR/0.csv,b,validation", "for train and for validation"),
    ] {
        let place = listed("");
        let own = place.path().file_name().unwrap().to_string_lossy();
        let list = format!("{GOOD}{}\n", again.replace("DIR", &own));
        std::fs::write(place.path().join("labels.csv"), list).unwrap();
        let error = sentence(folder::read(place.path(), 1));
        assert!(error.contains(expected), "{expected}: {error}");
    }
    #[cfg(unix)]
    {
        let place = listed(&format!("{GOOD}link.csv,b,test\n"));
        std::os::unix::fs::symlink("0.csv", place.path().join("link.csv")).unwrap();
        let error = sentence(folder::read(place.path(), 1));
        assert!(error.contains("lines 2 and 6"), "{error}");
    }
}

#[test]
fn equal_contents_under_two_names_are_told() {
    let place = listed(GOOD);
    let copy = |from: &str, to: &str| {
        std::fs::copy(place.path().join(from), place.path().join(to)).unwrap();
    };
    copy("0.csv", "1.csv");
    let notes = folder::read(place.path(), 1).unwrap().notes;
    let told = "1 of 4 files repeat the contents of another, such as line 3, \"1.csv\" for train, those of line 2, \"0.csv\" for train";
    assert!(notes[0].ends_with(told), "{notes:?}");
    copy("0.csv", "3.csv");
    let notes = folder::read(place.path(), 1).unwrap().notes;
    let told = "2 of 4 files repeat the contents of another, such as line 5, \"3.csv\" for test, those of line 2, \"0.csv\" for train; a part";
    assert!(notes[0].contains(told), "{notes:?}");
    assert_eq!(notes.len(), 1);
}
