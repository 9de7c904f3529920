//! Modules whose simulation rests while nothing reaches them.

use std::ops::{Deref, DerefMut};

use rust_hdl::core::prelude::*;

use super::wire::Wire;

/// An input port, which tells whether its next update will change it.
pub trait Port {
    /// Whether what is assigned differs from what it holds.
    fn pending(&self) -> bool;
    /// How many ports of the hardware these are.
    fn ports(&self) -> usize;
}

impl Port for Wire<In> {
    #[inline]
    fn pending(&self) -> bool {
        self.bits() > 0 && self.would_change()
    }

    fn ports(&self) -> usize {
        usize::from(self.bits() > 0)
    }
}

impl Port for Signal<In, Clock> {
    #[inline]
    fn pending(&self) -> bool {
        self.next != self.val()
    }

    fn ports(&self) -> usize {
        1
    }
}

impl<P: Port> Port for Vec<P> {
    fn pending(&self) -> bool {
        self.iter().any(P::pending)
    }

    fn ports(&self) -> usize {
        self.iter().map(P::ports).sum()
    }
}

/// A module that lists its input ports; see [`crate::inputs!`].
pub trait Inputs: Block {
    /// Whether any input port will change.
    fn pending(&self) -> bool;
    /// How many there are.
    fn ports(&self) -> usize;
}

/// Lists all input ports of a module but `clock`, so that it can be [`Quiet`].
#[macro_export]
macro_rules! inputs {
    ($module: ident: $($port: ident),+) => {
        impl $crate::kit::Inputs for $module {
            fn pending(&self) -> bool {
                use $crate::kit::Port;
                self.clock.pending() $(|| self.$port.pending())+
            }

            fn ports(&self) -> usize {
                use $crate::kit::Port;
                self.clock.ports() $(+ self.$port.ports())+
            }
        }
    };
}

/// A part of a module, simulated only where that can change something.
///
/// Rust-HDL settles a design by sweeps over all of its modules, sixteen a clock cycle here, of which a module needs two to
/// four: once a sweep has changed nothing in it, another one can only after an input port has changed. Hardware and
/// Verilog are those of the part itself.
#[derive(Clone, Debug)]
pub struct Quiet<B> {
    part: B,
    changed: bool,
}

impl<B: Inputs> Quiet<B> {
    /// The part, which has not settled yet.
    ///
    /// # Panics
    /// When the part has input ports that it does not list.
    pub fn new(part: B) -> Self {
        let mut probe = InputPorts::default();
        part.accept("part", &mut probe);
        assert_eq!(part.ports(), probe.ports, "every input port is listed");
        Quiet {
            part,
            changed: true,
        }
    }
}

impl<B> Deref for Quiet<B> {
    type Target = B;

    fn deref(&self) -> &B {
        &self.part
    }
}

impl<B> DerefMut for Quiet<B> {
    fn deref_mut(&mut self) -> &mut B {
        &mut self.part
    }
}

impl<B: Inputs> Logic for Quiet<B> {
    fn update(&mut self) {
        self.part.update();
    }

    fn connect(&mut self) {
        self.part.connect();
    }

    fn hdl(&self) -> Verilog {
        self.part.hdl()
    }

    fn timing(&self) -> Vec<TimingInfo> {
        self.part.timing()
    }
}

impl<B: Inputs> Block for Quiet<B> {
    fn connect_all(&mut self) {
        self.part.connect_all();
    }

    fn update_all(&mut self) {
        if self.changed || self.part.pending() {
            self.part.update_all();
            self.changed = self.part.has_changed();
        }
    }

    fn has_changed(&self) -> bool {
        self.changed
    }

    fn accept(&self, name: &str, probe: &mut dyn Probe) {
        self.part.accept(name, probe);
    }
}

/// Counts the input ports of a module, not those of its parts.
#[derive(Default)]
struct InputPorts {
    depth: usize,
    ports: usize,
}

impl Probe for InputPorts {
    fn visit_start_scope(&mut self, _name: &str, _node: &dyn Block) {
        self.depth += 1;
    }

    fn visit_atom(&mut self, _name: &str, signal: &dyn Atom) {
        let own = self.depth == 1 && signal.kind() == AtomKind::InputParameter;
        self.ports += usize::from(own);
    }

    fn visit_end_scope(&mut self, _name: &str, _node: &dyn Block) {
        self.depth -= 1;
    }
}

#[cfg(test)]
mod tests {
    use super::Quiet;
    use crate::kit::prelude::*;

    /// Passes `d` on to `q` and counts its updates.
    #[derive(LogicBlock)]
    struct Follow {
        clock: Signal<In, Clock>,
        d: Wire<In>,
        other: Wire<In>,
        q: Wire<Out>,
        _updates: usize,
    }

    impl Follow {
        fn new(listed: bool) -> Follow {
            Follow {
                clock: Signal::default(),
                d: Wire::new(4),
                other: Wire::optional(!listed, 1),
                q: Wire::new(4),
                _updates: 0,
            }
        }
    }

    impl Logic for Follow {
        fn update(&mut self) {
            self.q.next = self.d.val();
            self._updates += 1;
        }
    }

    inputs!(Follow: d);

    #[test]
    fn a_settled_part_is_left_alone_until_an_input_changes() {
        let mut quiet = Quiet::new(Follow::new(true));
        for value in [5, 5, 9, 25] {
            quiet.d.next = Vector::unsigned(value, 8);
            assert!(simulate(&mut quiet, 10));
            assert_eq!(quiet.q.val().integer(), value as i128 % 16);
        }
        // 5 arrives, is passed on and has settled: three updates; 5 again: none; 9: three; 25 is 9 in four bits: none.
        assert_eq!(quiet._updates, 6);
    }

    #[test]
    #[should_panic(expected = "every input port is listed")]
    fn a_port_that_is_not_listed_is_noticed() {
        Quiet::new(Follow::new(false));
    }
}
