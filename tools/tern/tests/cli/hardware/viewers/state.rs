//! A state file of Surfer with every field without which Surfer 0.4, 0.5, 0.6 or 0.7 does not read one.

#![expect(
    dead_code,
    reason = "that a field can be read is what the test is after"
)]

use std::collections::BTreeMap;

use serde::Deserialize;
use serde::de::IgnoredAny as Any;

#[derive(Deserialize)]
pub struct UserState {
    pub waves: Option<WaveData>,
    drag_started: bool,
    blacklisted_translators: Vec<Any>,
    show_about: bool,
    show_keys: bool,
    show_gestures: bool,
    show_quick_start: bool,
    show_license: bool,
    show_performance: bool,
    show_logs: bool,
    show_cursor_window: bool,
    wanted_timeunit: TimeUnit,
    show_url_entry: bool,
    variable_name_filter_focused: bool,
    variable_filter: VariableFilter,
}

#[derive(Deserialize)]
pub struct WaveData {
    pub source: WaveSource,
    format: WaveFormat,
    pub items_tree: DisplayedItemTree,
    pub displayed_items: BTreeMap<ItemRef, Item>,
    pub display_item_ref_counter: usize,
    pub viewports: Vec<Viewport>,
    markers: BTreeMap<u8, Any>,
    annotation_groups: Vec<Any>,
    annotation_list_visible: bool,
    last_active_viewport_idx: usize,
    focused_transaction: (Option<Any>, Option<Any>),
    default_variable_name_type: NameType,
    scroll_offset: f32,
    display_variable_indices: bool,
    graphics: BTreeMap<usize, Any>,
}

#[derive(Debug, PartialEq, Deserialize)]
pub enum WaveSource {
    File(String),
}

#[derive(Deserialize)]
enum WaveFormat {
    Vcd,
}

#[derive(Deserialize)]
pub struct DisplayedItemTree {
    pub items: Vec<Node>,
}

#[derive(Deserialize)]
pub struct Node {
    pub item_ref: ItemRef,
    pub level: u8,
    pub unfolded: bool,
    selected: bool,
}

#[derive(PartialEq, Eq, PartialOrd, Ord, Deserialize)]
pub struct ItemRef(pub usize);

#[derive(Deserialize)]
pub enum Item {
    Group(Group),
    Variable(Variable),
}

#[derive(Deserialize)]
pub struct Group {
    pub name: String,
    content: Vec<ItemRef>,
    pub is_open: bool,
}

#[derive(Deserialize)]
pub struct Variable {
    pub variable_ref: VariableRef,
    display_name: String,
    display_name_type: NameType,
    pub manual_name: Option<String>,
    pub format: Option<String>,
    field_formats: Vec<Any>,
}

#[derive(Deserialize)]
pub struct VariableRef {
    pub path: ScopeRef,
    pub name: String,
    pub id: Id,
}

#[derive(Deserialize)]
pub struct ScopeRef {
    pub strs: Vec<String>,
    pub id: Id,
}

/// The number of a variable or scope of the waveform.
#[derive(Debug, PartialEq, Deserialize)]
pub enum Id {
    /// Looked up by name.
    None,
    Wellen((u32,)),
}

#[derive(Deserialize)]
enum NameType {
    Local,
    Unique,
    Global,
}

#[derive(Deserialize)]
enum TimeUnit {
    PicoSeconds,
    None,
}

#[derive(Deserialize)]
pub struct Viewport {
    curr_left: Relative,
    curr_right: Relative,
    target_left: Relative,
    target_right: Relative,
    move_start_left: Relative,
    move_start_right: Relative,
    move_strategy: Strategy,
}

#[derive(Deserialize)]
struct Relative(f64);

#[derive(Deserialize)]
enum Strategy {
    Instant,
}

#[derive(Deserialize)]
struct VariableFilter {
    name_filter_type: FilterType,
    name_filter_str: String,
    name_filter_case_insensitive: bool,
    include_inputs: bool,
    include_outputs: bool,
    include_inouts: bool,
    include_others: bool,
    group_by_direction: bool,
}

#[derive(Deserialize)]
enum FilterType {
    Contain,
}
