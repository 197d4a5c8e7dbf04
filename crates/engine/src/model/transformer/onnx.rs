//! Writes a network in ONNX's format, in memory, for the runtime to load.
//!
//! ONNX is Protocol Buffers; the few messages that a graph needs are written field by field. The
//! field numbers are those of `onnx.proto` (version 3, IR version 8).

/// The version of the operators; 20 is the first that has Gelu.
const OPSET: u64 = 20;
const IR: u64 = 8;
const FLOAT: u64 = 1;
const INT8: u64 = 3;
const INT64: u64 = 7;

/// A graph that grows node by node. Values are known by their names.
#[derive(Debug, Default)]
pub(super) struct Graph {
    fields: Vec<u8>,
    count: usize,
}

/// An attribute of a node.
#[derive(Debug, Clone, Copy)]
pub(super) enum Attribute<'a> {
    Int(&'a str, i64),
    Float(&'a str, f32),
    Ints(&'a str, &'a [i64]),
}

impl Graph {
    /// Adds a node with one output, and gives that one's name.
    pub(super) fn node(
        &mut self,
        operator: &str,
        inputs: &[&str],
        attributes: &[Attribute<'_>],
    ) -> String {
        let [output] = self.nodes(operator, inputs, attributes);
        output
    }

    /// Adds a node with several outputs.
    pub(super) fn nodes<const N: usize>(
        &mut self,
        operator: &str,
        inputs: &[&str],
        attributes: &[Attribute<'_>],
    ) -> [String; N] {
        self.count += 1;
        let outputs = std::array::from_fn(|at| format!("v{}.{at}", self.count));
        let mut node = Vec::new();
        inputs.iter().for_each(|name| bytes(&mut node, 1, name.as_bytes()));
        outputs.iter().for_each(|name: &String| bytes(&mut node, 2, name.as_bytes()));
        bytes(&mut node, 3, format!("n{}", self.count).as_bytes());
        bytes(&mut node, 4, operator.as_bytes());
        attributes.iter().for_each(|attribute| bytes(&mut node, 5, &attribute.encoded()));
        bytes(&mut self.fields, 1, &node);
        outputs
    }

    /// Adds a constant, and gives its name.
    pub(super) fn floats(&mut self, shape: &[usize], values: &[f32]) -> String {
        self.constant(FLOAT, shape, values.iter().flat_map(|value| value.to_le_bytes()).collect())
    }

    /// Adds a constant of bytes with a sign.
    pub(super) fn int8s(&mut self, shape: &[usize], values: &[i8]) -> String {
        self.constant(INT8, shape, values.iter().map(|value| value.cast_unsigned()).collect())
    }

    /// Adds a constant list of whole numbers.
    pub(super) fn int64s(&mut self, values: &[i64]) -> String {
        let bytes = values.iter().flat_map(|value| value.to_le_bytes()).collect();
        self.constant(INT64, &[values.len()], bytes)
    }

    fn constant(&mut self, kind: u64, shape: &[usize], raw: Vec<u8>) -> String {
        self.count += 1;
        let name = format!("c{}", self.count);
        let mut tensor = Vec::with_capacity(raw.len() + 64);
        shape.iter().for_each(|length| number(&mut tensor, 1, *length as u64));
        number(&mut tensor, 2, kind);
        bytes(&mut tensor, 8, name.as_bytes());
        bytes(&mut tensor, 9, &raw);
        bytes(&mut self.fields, 5, &tensor);
        name
    }

    /// Ends the graph: the bytes of a model with one input of numbers, `[1, any, width]`, and one
    /// output.
    pub(super) fn finish(mut self, input: &str, width: usize, output: &str) -> Vec<u8> {
        bytes(&mut self.fields, 2, b"encoder");
        bytes(&mut self.fields, 11, &value(input, &[Some(1), None, Some(width)]));
        bytes(&mut self.fields, 12, &value(output, &[Some(1), None, Some(width)]));
        let mut opset = Vec::new();
        number(&mut opset, 2, OPSET);
        let mut model = Vec::with_capacity(self.fields.len() + 64);
        number(&mut model, 1, IR);
        bytes(&mut model, 8, &opset);
        bytes(&mut model, 7, &self.fields);
        model
    }
}

impl Attribute<'_> {
    fn encoded(self) -> Vec<u8> {
        let mut out = Vec::new();
        match self {
            Self::Float(name, value) => {
                bytes(&mut out, 1, name.as_bytes());
                varint(&mut out, 2 << 3 | 5);
                out.extend(value.to_le_bytes());
                number(&mut out, 20, 1);
            }
            Self::Int(name, value) => {
                bytes(&mut out, 1, name.as_bytes());
                number(&mut out, 3, value.cast_unsigned());
                number(&mut out, 20, 2);
            }
            Self::Ints(name, values) => {
                bytes(&mut out, 1, name.as_bytes());
                values.iter().for_each(|value| number(&mut out, 8, value.cast_unsigned()));
                number(&mut out, 20, 7);
            }
        }
        out
    }
}

/// A `ValueInfoProto` of floats; a length that is not given may be any.
fn value(name: &str, shape: &[Option<usize>]) -> Vec<u8> {
    let mut dimensions = Vec::new();
    for length in shape {
        let mut dimension = Vec::new();
        match length {
            Some(length) => number(&mut dimension, 1, *length as u64),
            None => bytes(&mut dimension, 2, b"length"),
        }
        bytes(&mut dimensions, 1, &dimension);
    }
    let (mut tensor, mut kind, mut out) = (Vec::new(), Vec::new(), Vec::new());
    number(&mut tensor, 1, FLOAT);
    bytes(&mut tensor, 2, &dimensions);
    bytes(&mut kind, 1, &tensor);
    bytes(&mut out, 1, name.as_bytes());
    bytes(&mut out, 2, &kind);
    out
}

/// A field of a whole number.
fn number(out: &mut Vec<u8>, field: u64, value: u64) {
    varint(out, field << 3);
    varint(out, value);
}

/// A field of bytes: a string or a message.
fn bytes(out: &mut Vec<u8>, field: u64, value: &[u8]) {
    varint(out, field << 3 | 2);
    varint(out, value.len() as u64);
    out.extend_from_slice(value);
}

fn varint(out: &mut Vec<u8>, mut value: u64) {
    while value >= 0x80 {
        out.push(value as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
}
