//! The data set's file names and its split.

use std::path::Path;

use tern_train::data::fsdd::{Recording, Split, recordings, split};

#[test]
fn a_file_name_says_digit_speaker_and_index() {
    let recording = Recording::from_path(Path::new("a/7_de_la_cruz_12.wav")).unwrap();
    assert_eq!(recording.digit, 7);
    assert_eq!(recording.speaker, "de_la_cruz");
    assert_eq!(recording.index, 12);
    for name in [
        "7_theo.wav",
        "a_theo_1.wav",
        "10_theo_1.wav",
        "7_theo_x.wav",
        "7_theo_1.mp3",
    ] {
        assert_eq!(Recording::from_path(Path::new(name)), None, "{name}");
    }
}

#[test]
fn test_is_0_to_4_and_validation_is_held_out_of_training() {
    let splits: Vec<Split> = (0..45).map(Split::of_index).collect();
    assert!(splits[..5].iter().all(|&s| s == Split::Test));
    assert!(splits[5..40].iter().all(|&s| s == Split::Train));
    assert!(splits[40..].iter().all(|&s| s == Split::Validation));
}

#[test]
fn recordings_come_in_one_order_whatever_the_folder_says() {
    let data = tempfile::tempdir().unwrap();
    let folder = data.path().join("fsdd/recordings");
    std::fs::create_dir_all(&folder).unwrap();
    for name in [
        "1_b_10.wav",
        "1_b_9.wav",
        "0_c_0.wav",
        "1_a_40.wav",
        "README.md",
    ] {
        std::fs::write(folder.join(name), "").unwrap();
    }
    let names: Vec<_> = recordings(data.path())
        .unwrap()
        .iter()
        .map(|r| (r.digit, r.speaker.clone(), r.index))
        .collect();
    let expected = [(0, "c", 0), (1, "a", 40), (1, "b", 9), (1, "b", 10)];
    assert_eq!(names, expected.map(|(d, s, i)| (d, s.to_owned(), i)));
    assert_eq!(split(data.path(), Split::Test).unwrap().len(), 1);
    assert_eq!(split(data.path(), Split::Validation).unwrap().len(), 1);
}

#[test]
fn a_data_set_that_is_missing_or_empty_is_named() {
    let data = tempfile::tempdir().unwrap();
    let error = recordings(data.path()).unwrap_err().to_string();
    assert!(error.contains("Free Spoken Digit Dataset"), "{error}");
    assert!(error.contains("recordings"), "{error}");
    std::fs::create_dir_all(data.path().join("fsdd/recordings")).unwrap();
    let error = recordings(data.path()).unwrap_err().to_string();
    assert!(error.contains("holds no recording"), "{error}");
}
