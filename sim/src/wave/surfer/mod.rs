//! State files of Surfer: which signals of a waveform it shows, under which names and in which form.
//!
//! Surfer finds every variable again by its scopes and its name when it loads a state, so that the file has no numbers of
//! variables, which change from waveform to waveform.
//!
//! Not here: names of values. Surfer takes them from mapping files of its user, and ends at a state that asks for one which
//! the user does not have.

mod state;

use std::path::Path;

use ron::ser::{PrettyConfig, to_string_pretty};

use self::state::{
    DisplayedGroup, DisplayedItem, DisplayedItemRef, DisplayedVariable, Node, ScopeId, ScopeRef,
    UserState, VarId, VariableRef, WaveData, WaveSource,
};
use super::header::CoreHeader;
use super::view::{Form, Group, Trace};
use crate::eda::error::ToolError;

/// The state file that shows `groups` of the waveform `vcd`, which is to lie beside it.
///
/// # Errors
/// When the waveform cannot be read or lacks one of the signals.
pub fn state_file(vcd: impl AsRef<Path>, groups: &[Group]) -> Result<String, ToolError> {
    let (vcd, _) = CoreHeader::read(vcd.as_ref())?;
    let mut waves = WaveData::new(WaveSource::File(vcd.file_name()));
    for group in groups {
        show(&mut waves, 0, DisplayedItem::Group(heading(&group.name)));
        for trace in &group.traces {
            let (scopes, var) = vcd.find(&trace.signal)?;
            let variable = variable(trace, &scopes, &var.reference);
            show(&mut waves, 1, DisplayedItem::Variable(variable));
        }
    }
    to_string_pretty(&UserState::new(waves), PrettyConfig::new().new_line("\n"))
        .map(|text| text + "\n")
        .map_err(|error| ToolError::new(error.to_string()))
}

/// Adds a row at a level of the tree.
fn show(waves: &mut WaveData, level: u8, item: DisplayedItem) {
    waves.display_item_ref_counter += 1;
    let item_ref = DisplayedItemRef(waves.display_item_ref_counter);
    waves.items_tree.items.push(Node {
        item_ref,
        level,
        unfolded: true,
        selected: false,
    });
    waves.displayed_items.insert(item_ref, item);
}

fn heading(name: &str) -> DisplayedGroup {
    DisplayedGroup {
        name: name.to_owned(),
        content: vec![],
        is_open: true,
    }
}

fn variable(trace: &Trace, scopes: &[&str], name: &str) -> DisplayedVariable {
    DisplayedVariable {
        variable_ref: VariableRef {
            path: ScopeRef {
                strs: scopes.iter().map(|scope| (*scope).to_owned()).collect(),
                id: ScopeId::None,
            },
            name: name.to_owned(),
            id: VarId::None,
        },
        display_name: name.to_owned(),
        display_name_type: Default::default(),
        manual_name: Some(trace.label.clone()),
        format: Some(format(&trace.form)),
        field_formats: vec![],
    }
}

/// Surfer's name of a form.
fn format(form: &Form) -> &'static str {
    match form {
        Form::Bit => "Bit",
        Form::Number | Form::Names(_) => "Unsigned",
        Form::Signed => "Signed",
        Form::Hexadecimal => "Hexadecimal",
        // In groups of four bits, which are two trits.
        Form::Trits(_) => "Binary (with groups)",
    }
}
