#![no_main]

use std::sync::LazyLock;

use yuanwen_fuzz::Package;

static SAMPLE: LazyLock<Package> =
    LazyLock::new(|| Package::of(include_bytes!("../../samples/formats/网络运行简报.pptx")));

libfuzzer_sys::fuzz_target!(init: yuanwen_fuzz::begin(), |data: &[u8]| SAMPLE.read_with("sample.pptx", data));
