//! Writes SentencePiece's map of characters; the transformers' tokenizer reads it, and says what
//! it looks like.

use std::collections::{BTreeMap, BTreeSet};

/// A node of the trie while it is built: what follows each byte, or where the replacement begins.
#[derive(Default)]
struct Node {
    below: BTreeMap<u8, Node>,
    value: Option<u32>,
}

/// The double array. A child lies where its parent's base and its byte say, so that no two parents
/// may have the same base.
struct Array {
    units: Vec<Option<u32>>,
    bases: BTreeSet<usize>,
    /// All before it are taken.
    free: usize,
}

/// A map of single characters, in base64.
pub(in crate::model) fn written(replaced: &[(char, String)]) -> String {
    let mut root = Node::default();
    let mut strings: Vec<u8> = Vec::new();
    for (from, by) in replaced {
        let mut node = &mut root;
        for byte in from.encode_utf8(&mut [0; 4]).bytes() {
            node = node.below.entry(byte).or_default();
        }
        node.value = Some(strings.len() as u32);
        strings.extend(by.bytes().chain([0]));
    }
    let mut array = Array { units: vec![Some(0)], bases: BTreeSet::new(), free: 1 };
    array.place(&root, 0, 0);
    let units: Vec<u8> =
        array.units.iter().flat_map(|unit| unit.unwrap_or_default().to_le_bytes()).collect();
    let mut bytes = (units.len() as u32).to_le_bytes().to_vec();
    bytes.extend(units);
    bytes.extend(strings);
    encoded(&bytes)
}

impl Array {
    /// Gives the children of a node their places, and writes its own unit.
    fn place(&mut self, node: &Node, at: usize, label: u8) {
        let labels: Vec<u8> = match node.value {
            Some(_) => vec![0],
            None => node.below.keys().copied().collect(),
        };
        let base = self.base(&labels);
        let has_leaf = u32::from(node.value.is_some()) << 8;
        self.set(at, ((at ^ base) as u32) << 10 | has_leaf | u32::from(label));
        if let Some(value) = node.value {
            self.set(base, value | 1 << 31);
        }
        labels.iter().for_each(|label| self.reserve(base ^ usize::from(*label)));
        for (label, child) in &node.below {
            self.place(child, base ^ usize::from(*label), *label);
        }
    }

    /// A base under which all the labels' places are free.
    fn base(&mut self, labels: &[u8]) -> usize {
        let Some(&first) = labels.first() else { return 0 };
        while self.is_taken(self.free) {
            self.free += 1;
        }
        let mut slot = self.free;
        loop {
            let base = slot ^ usize::from(first);
            let is_free = |label: &u8| !self.is_taken(base ^ usize::from(*label));
            if labels.iter().all(is_free) && self.bases.insert(base) {
                return base;
            }
            slot += 1;
        }
    }

    fn is_taken(&self, at: usize) -> bool {
        self.units.get(at).is_some_and(Option::is_some)
    }

    fn reserve(&mut self, at: usize) {
        if !self.is_taken(at) {
            self.set(at, 0);
        }
    }

    fn set(&mut self, at: usize, unit: u32) {
        if self.units.len() <= at {
            self.units.resize(at + 1, None);
        }
        self.units[at] = Some(unit);
    }
}

/// Base64 of RFC 4648.
fn encoded(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for group in bytes.chunks(3) {
        let byte = |at: usize| u32::from(group.get(at).copied().unwrap_or_default());
        let bits = byte(0) << 16 | byte(1) << 8 | byte(2);
        let digit = |at: usize| char::from(DIGITS[(bits >> (18 - 6 * at)) as usize & 63]);
        out.extend((0..4).map(|at| if at <= group.len() { digit(at) } else { '=' }));
    }
    out
}
