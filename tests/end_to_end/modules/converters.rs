//! The converters between bytes and beats, alone: Rust-HDL's simulation beside Verilator, and both against a queue.

use fastrand::Rng;
use rust_hdl::core::prelude::Block;
use tern_hdl::stream::narrow::Narrow;
use tern_hdl::stream::widen::Widen;
use tern_hdl::verilog::emit;
use tern_sim::dut::rust_hdl::{Module, RustHdl};
use tern_sim::dut::{Beat, Dut, Inputs, Outputs};
use tern_tests::beats::{InputBeat, Never, Stalls, pass, reset};
use tern_tests::lock_step::LockStep;
use tern_tests::simulators;

/// Bytes of a beat.
const SIZES: [usize; 5] = [1, 2, 3, 4, 30];

/// Either end stalls in half of the cycles, or never.
struct Pattern {
    source: bool,
    sink: bool,
    random: Rng,
}

impl Pattern {
    /// The four stall patterns.
    fn all(seed: u64) -> [Pattern; 4] {
        [(false, false), (true, false), (false, true), (true, true)].map(|(source, sink)| Pattern {
            source,
            sink,
            random: Rng::with_seed(seed),
        })
    }
}

impl Stalls for Pattern {
    fn offers(&mut self) -> bool {
        !self.source || self.random.bool()
    }
    fn ready(&mut self) -> bool {
        !self.sink || self.random.bool()
    }
}

/// Demands of a module that a beat, once offered, stays as it is until its transfer or a reset.
struct Holding<D> {
    dut: D,
    offered: Option<Outputs>,
}

impl<D: Dut> Dut for Holding<D> {
    fn name(&self) -> &str {
        self.dut.name()
    }
    fn input_bits(&self) -> u32 {
        self.dut.input_bits()
    }
    fn output_bits(&self) -> u32 {
        self.dut.output_bits()
    }
    fn cycle(&mut self, inputs: &Inputs) -> Outputs {
        let now = self.dut.cycle(inputs);
        if let Some(before) = self.offered.take() {
            let beat = |outputs: &Outputs| {
                let Outputs {
                    m_axis_tdata,
                    m_axis_tvalid,
                    m_axis_tlast,
                    ..
                } = *outputs;
                (m_axis_tvalid, m_axis_tdata, m_axis_tlast)
            };
            assert_eq!(
                beat(&now),
                beat(&before),
                "a beat changes before its transfer"
            );
        }
        if now.m_axis_tvalid && !inputs.m_axis_tready && !inputs.reset {
            self.offered = Some(now);
        }
        now
    }
}

/// Both simulations of a module, after a reset.
fn bench<B: Block + Module + 'static>(mut block: B, top: &str) -> Box<dyn Dut> {
    block.connect_all();
    let verilog = emit(&block).expect("the hardware description is sound");
    let simulator = simulators::build_top(&verilog, top).unwrap_or_else(|error| panic!("{error}"));
    let mut dut = Holding {
        dut: LockStep::new(RustHdl::of(block), simulator.instance()),
        offered: None,
    };
    reset(&mut dut, 1);
    Box::new(dut)
}

/// Bytes for `beats` beats of `size` bytes with `tlast` anywhere: at every place of a beat, then at random.
fn bytes(size: usize, beats: usize, random: &mut Rng) -> Vec<InputBeat> {
    let mut byte = |tlast| ([random.u64(..256), 0, 0, 0], tlast);
    let mut bytes: Vec<InputBeat> = (1..=size)
        .flat_map(|length| (1..=length).map(move |k| k == length))
        .map(&mut byte)
        .collect();
    let mut random = Rng::with_seed(size as u64);
    let more = (0..size * beats).map(|_| byte(random.usize(..2 * size) == 0));
    bytes.extend(more);
    if let Some((_, tlast)) = bytes.last_mut() {
        *tlast = true;
    }
    bytes
}

/// The beats that bytes make.
fn widened(bytes: &[InputBeat], size: usize) -> Vec<InputBeat> {
    let (mut beats, mut queue): (Vec<InputBeat>, Vec<u64>) = (vec![], vec![]);
    for (data, tlast) in bytes {
        queue.push(data[0]);
        if queue.len() == size || *tlast {
            let mut beat = Beat::default();
            for (k, byte) in queue.drain(..).enumerate() {
                beat[k / 8] |= byte << (8 * (k % 8));
            }
            beats.push((beat, *tlast));
        }
    }
    beats
}

/// The bytes of beats.
fn narrowed(beats: &[InputBeat], size: usize) -> Vec<InputBeat> {
    let of_beat = |(beat, tlast): &InputBeat| -> Vec<InputBeat> {
        let byte = |k: usize| [beat[k / 8] >> (8 * (k % 8)) & 0xff, 0, 0, 0];
        (0..size)
            .map(|k| (byte(k), *tlast && k + 1 == size))
            .collect()
    };
    beats.iter().flat_map(of_beat).collect()
}

/// Runs `inputs` under the four stall patterns, then again after a reset in each of the first cycles.
fn check(dut: &mut dyn Dut, inputs: &[InputBeat], expected: &[InputBeat], what: &str) {
    let cycles = 8 * (inputs.len() + expected.len()) as u64 + 100;
    for (number, mut stalls) in Pattern::all(7).into_iter().enumerate() {
        let passage = pass(dut, inputs, cycles, &mut stalls);
        assert_eq!(passage.taken, inputs.len(), "{what}, pattern {number}");
        assert_eq!(passage.sent, expected, "{what}, pattern {number}");
    }
    for at in 0..100 {
        let [.., mut stalls] = Pattern::all(at);
        pass(dut, inputs, at, &mut stalls);
        reset(dut, 1 + at as u32 % 2);
        let passage = pass(dut, inputs, cycles, &mut stalls);
        assert_eq!(passage.sent, expected, "{what}, reset in cycle {at}");
        reset(dut, 1);
    }
}

#[test]
fn bytes_become_beats() {
    for size in SIZES {
        let mut dut = bench(Widen::new(size), "tern_widen");
        let inputs = bytes(size, 40, &mut Rng::with_seed(1));
        let expected = widened(&inputs, size);
        assert!(expected.len() > 40);
        check(dut.as_mut(), &inputs, &expected, &format!("{size} bytes"));
    }
}

#[test]
fn beats_become_bytes() {
    for size in SIZES {
        let mut dut = bench(Narrow::new(size), "tern_narrow");
        let inputs = widened(&bytes(size, 40, &mut Rng::with_seed(2)), size);
        let expected = narrowed(&inputs, size);
        check(dut.as_mut(), &inputs, &expected, &format!("{size} bytes"));
    }
}

#[test]
fn a_byte_a_cycle() {
    const BEATS: usize = 20;
    for size in SIZES {
        let mut random = Rng::with_seed(3);
        let count = size * BEATS;
        let bytes: Vec<InputBeat> = (0..count)
            .map(|k| ([random.u64(..256), 0, 0, 0], k % (2 * size) == 2 * size - 1))
            .collect();
        let beats = widened(&bytes, size);
        // Offered the cycle after the last byte came, and the cycle after the beat came.
        let mut dut = bench(Widen::new(size), "tern_widen");
        let passage = pass(dut.as_mut(), &bytes, count as u64 + 1, &mut Never);
        assert_eq!(passage.sent, beats, "{size} bytes become a beat");
        let mut dut = bench(Narrow::new(size), "tern_narrow");
        let passage = pass(dut.as_mut(), &beats, count as u64 + 1, &mut Never);
        assert_eq!(passage.sent, bytes, "a beat becomes {size} bytes");
    }
}

/// In random states, changes every input of the present cycle and looks at ready.
fn ready_stands_alone(mut module: impl Module, what: &str) {
    let mut random = Rng::with_seed(4);
    let mut seen = [0; 2];
    for cycle in 0..2_000 {
        let mut ready = None;
        for _ in 0..4 {
            module.apply(&Inputs {
                s_axis_tdata: [random.u64(..256), 0, 0, 0],
                reset: cycle == 0,
                s_axis_tvalid: random.bool(),
                s_axis_tlast: random.u8(..4) == 0,
                m_axis_tready: random.bool(),
                ..Inputs::default()
            });
            module.settle(false);
            let now = module.outputs().s_axis_tready;
            assert_eq!(*ready.get_or_insert(now), now, "{what}, cycle {cycle}");
            seen[usize::from(now)] += 1;
        }
        module.settle(true);
    }
    assert!(seen[0] > 0 && seen[1] > 0, "{what}: ready is {seen:?}");
}

#[test]
fn ready_depends_on_registers_alone() {
    for size in SIZES {
        ready_stands_alone(Widen::new(size), &format!("{size} bytes become a beat"));
        ready_stands_alone(Narrow::new(size), &format!("a beat becomes {size} bytes"));
    }
}
