#![no_main]

libfuzzer_sys::fuzz_target!(init: yuanwen_fuzz::begin(), |data: &[u8]| yuanwen_fuzz::read("sample.pdf", data));
