//! The index over rows that are drawn around centres.

use std::collections::BTreeSet;

use super::*;

const DIMENSIONS: usize = 96;
const CENTRES: usize = 40;

/// Numbers from -0.5 to 0.5 that look drawn at random.
fn drawn(name: &str, count: usize) -> Vec<f32> {
    let mut bytes = vec![0; count];
    blake3::Hasher::new().update(name.as_bytes()).finalize_xof().fill(&mut bytes);
    bytes.iter().map(|byte| f32::from(*byte) / 255.0 - 0.5).collect()
}

/// A vector near one of the centres, which lie to one side of the origin as those of transformers
/// do.
fn vector(name: &str, centre: usize) -> Vec<f32> {
    let side = drawn("side", DIMENSIONS);
    let centre = drawn(&format!("centre {centre}"), DIMENSIONS);
    let own = drawn(name, DIMENSIONS);
    let numbers = side.iter().zip(&centre).zip(&own);
    let mut out: Vec<f32> = numbers.map(|((a, b), c)| a + b + 0.7 * c).collect();
    crate::model::normalise(&mut out);
    out
}

/// The row of this number is always the same.
fn rows(numbers: impl IntoIterator<Item = usize>) -> Rows {
    let mut rows = Rows::default();
    for number in numbers {
        let vector = vector(&format!("row {number}"), number % CENTRES);
        rows.push((number as u64, 0), &vector);
    }
    rows
}

fn questions() -> impl Iterator<Item = Vec<f32>> {
    (0..20).map(|number| vector(&format!("question {number}"), number))
}

fn found(rows: &Rows, question: &[f32], wanted: usize) -> BTreeSet<u64> {
    let places = Codes::of(rows).candidates(question, rows.len(), wanted);
    places.iter().map(|at| rows.keys[*at].0).collect()
}

/// How many of the nearest ten are among some candidates, of all.
fn recall(rows: &Rows, wanted: usize) -> f64 {
    let codes = Codes::of(rows);
    let mut hits = 0;
    for question in questions() {
        let similarities = rows.similarities(&question);
        let mut order: Vec<usize> = (0..rows.len()).collect();
        order.sort_by(|a, b| similarities[*b].total_cmp(&similarities[*a]));
        let candidates = codes.candidates(&question, rows.len(), wanted);
        assert!(candidates.is_sorted());
        assert!((wanted..2 * wanted).contains(&candidates.len()), "{}", candidates.len());
        hits += order[..10].iter().filter(|at| candidates.contains(at)).count();
    }
    hits as f64 / (10 * questions().count()) as f64
}

#[test]
fn the_nearest_are_among_a_few_candidates() {
    let rows = rows(0..1500);
    let (few, more) = (recall(&rows, 50), recall(&rows, 150));
    assert!(few > 0.85 && more > 0.98, "{few} {more}");
}

#[test]
fn candidates_do_not_depend_on_the_order_of_rows() {
    let count = 700;
    let (one, other) = (rows(0..count), rows((0..count).map(|at| at * 331 % count)));
    assert_eq!(Codes::of(&one).mean, Codes::of(&other).mean);
    for question in questions() {
        assert_eq!(found(&one, &question, 25), found(&other, &question, 25));
    }
}

#[test]
fn equal_rows_are_taken_or_left_together() {
    // The last row is there fifty times.
    let rows = rows((0..500).chain(std::iter::repeat_n(500, 49)));
    let question = vector("row 500", 500 % CENTRES);
    let places = Codes::of(&rows).candidates(&question, rows.len(), 5);
    assert!(places.iter().filter(|at| rows.keys[**at].0 == 500).count() >= 49, "{places:?}");
}

#[test]
fn the_ground_is_the_mean_of_all_cosines() {
    let rows = rows(0..500);
    let codes = Codes::of(&rows);
    for question in questions() {
        let similarities = rows.similarities(&question);
        let mean = similarities.iter().sum::<f32>() / similarities.len() as f32;
        let ground = codes.ground(&question);
        assert!(ground > 0.2 && (mean - ground).abs() < 2e-3, "{mean} {ground}");
    }
}

#[test]
fn odd_vectors_do_no_harm() {
    let mut rows = rows(0..100);
    rows.push((100, 0), &[0.0; DIMENSIONS]);
    let codes = Codes::of(&rows);
    for question in [vec![0.0; DIMENSIONS], vec![f32::NAN; DIMENSIONS], vec![1e30; 7], Vec::new()] {
        let found = codes.candidates(&question, rows.len(), 10);
        assert!(found.len() >= 10 && found.iter().all(|at| *at < rows.len()));
    }
    assert_eq!(codes.candidates(&[0.0; DIMENSIONS], rows.len(), 1000).len(), 101);
    assert!(Codes::of(&Rows::default()).candidates(&[], 0, 10).is_empty());
    let empty = Rows { keys: vec![(1, 0)], scales: vec![1.0], ..Rows::default() };
    assert_eq!(Codes::of(&empty).candidates(&[], 1, 10), [0]);
}
