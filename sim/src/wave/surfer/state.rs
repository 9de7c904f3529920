//! What Surfer's state files hold.
//!
//! Every structure has the name that it has in Surfer's sources, and the fields without which one of Surfer 0.4 to 0.7 does not
//! read a state. Each of these versions passes over a field that it does not know; fields that all of them do without are
//! absent, but for those that say how a signal is shown. Surfer 0.3 has no groups and reads no such file.

use std::collections::BTreeMap;

use serde::Serialize;

/// The whole file: which waveform is shown how, and that no window is open beside it.
#[derive(Default, Serialize)]
pub(super) struct UserState {
    waves: Option<WaveData>,
    drag_started: bool,
    blacklisted_translators: Vec<()>,
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

impl UserState {
    pub(super) fn new(waves: WaveData) -> UserState {
        UserState {
            waves: Some(waves),
            ..UserState::default()
        }
    }
}

/// A waveform and the rows that are shown of it.
#[derive(Serialize)]
pub(super) struct WaveData {
    source: WaveSource,
    format: WaveFormat,
    pub(super) items_tree: DisplayedItemTree,
    pub(super) displayed_items: BTreeMap<DisplayedItemRef, DisplayedItem>,
    /// The last number that an item has.
    pub(super) display_item_ref_counter: usize,
    viewports: Vec<Viewport>,
    markers: BTreeMap<u8, ()>,
    annotation_groups: Vec<()>,
    annotation_list_visible: bool,
    last_active_viewport_idx: usize,
    focused_transaction: (Option<()>, Option<()>),
    default_variable_name_type: VariableNameType,
    scroll_offset: f32,
    display_variable_indices: bool,
    graphics: BTreeMap<usize, ()>,
}

impl WaveData {
    /// The whole of a waveform, without rows.
    pub(super) fn new(source: WaveSource) -> WaveData {
        WaveData {
            source,
            format: WaveFormat::Vcd,
            items_tree: DisplayedItemTree::default(),
            displayed_items: BTreeMap::new(),
            display_item_ref_counter: 0,
            viewports: vec![Viewport::default()],
            markers: BTreeMap::new(),
            annotation_groups: vec![],
            annotation_list_visible: false,
            last_active_viewport_idx: 0,
            focused_transaction: (None, None),
            default_variable_name_type: VariableNameType::default(),
            scroll_offset: 0.0,
            display_variable_indices: true,
            graphics: BTreeMap::new(),
        }
    }
}

#[derive(Serialize)]
pub(super) enum WaveSource {
    File(String),
}

#[derive(Serialize)]
enum WaveFormat {
    Vcd,
}

/// The rows from top to bottom, those of a group one level below it.
#[derive(Default, Serialize)]
pub(super) struct DisplayedItemTree {
    pub(super) items: Vec<Node>,
}

#[derive(Serialize)]
pub(super) struct Node {
    pub(super) item_ref: DisplayedItemRef,
    pub(super) level: u8,
    pub(super) unfolded: bool,
    pub(super) selected: bool,
}

/// The number of a row, from 1.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub(super) struct DisplayedItemRef(pub(super) usize);

#[derive(Serialize)]
pub(super) enum DisplayedItem {
    Variable(DisplayedVariable),
    Group(DisplayedGroup),
}

#[derive(Serialize)]
pub(super) struct DisplayedVariable {
    pub(super) variable_ref: VariableRef,
    pub(super) display_name: String,
    pub(super) display_name_type: VariableNameType,
    /// What stands on the screen in place of the other name.
    pub(super) manual_name: Option<String>,
    pub(super) format: Option<&'static str>,
    pub(super) field_formats: Vec<()>,
}

#[derive(Serialize)]
pub(super) struct DisplayedGroup {
    pub(super) name: String,
    /// Left to the tree.
    pub(super) content: Vec<()>,
    pub(super) is_open: bool,
}

#[derive(Serialize)]
pub(super) struct VariableRef {
    pub(super) path: ScopeRef,
    pub(super) name: String,
    pub(super) id: VarId,
}

#[derive(Serialize)]
pub(super) struct ScopeRef {
    pub(super) strs: Vec<String>,
    pub(super) id: ScopeId,
}

/// The number of a variable in the open waveform.
#[derive(Serialize)]
pub(super) enum VarId {
    /// Not known: Surfer looks it up.
    None,
}

/// The number of a scope in the open waveform.
#[derive(Serialize)]
pub(super) enum ScopeId {
    /// Not known: Surfer looks it up.
    None,
}

#[derive(Default, Serialize)]
pub(super) enum VariableNameType {
    #[default]
    Unique,
}

/// The unit of the time line.
#[derive(Default, Serialize)]
enum TimeUnit {
    /// Bare numbers, as the waveform has them.
    #[default]
    None,
}

/// The part of the waveform that is on the screen: 0 is its beginning, 1 its end.
#[derive(Serialize)]
struct Viewport {
    curr_left: Relative,
    curr_right: Relative,
    target_left: Relative,
    target_right: Relative,
    move_start_left: Relative,
    move_start_right: Relative,
    move_strategy: ViewportStrategy,
}

#[derive(Serialize)]
struct Relative(f64);

#[derive(Serialize)]
enum ViewportStrategy {
    Instant,
}

impl Default for Viewport {
    fn default() -> Viewport {
        Viewport {
            curr_left: Relative(0.0),
            curr_right: Relative(1.0),
            target_left: Relative(0.0),
            target_right: Relative(1.0),
            move_start_left: Relative(0.0),
            move_start_right: Relative(1.0),
            move_strategy: ViewportStrategy::Instant,
        }
    }
}

/// Which variables are offered for more rows: all.
#[derive(Serialize)]
struct VariableFilter {
    name_filter_type: VariableNameFilterType,
    name_filter_str: &'static str,
    name_filter_case_insensitive: bool,
    include_inputs: bool,
    include_outputs: bool,
    include_inouts: bool,
    include_others: bool,
    group_by_direction: bool,
}

#[derive(Serialize)]
enum VariableNameFilterType {
    Contain,
}

impl Default for VariableFilter {
    fn default() -> VariableFilter {
        VariableFilter {
            name_filter_type: VariableNameFilterType::Contain,
            name_filter_str: "",
            name_filter_case_insensitive: true,
            include_inputs: true,
            include_outputs: true,
            include_inouts: true,
            include_others: true,
            group_by_direction: false,
        }
    }
}
