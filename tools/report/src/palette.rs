//! The colours of a page, each with a value for light and one for dark screens.

use plotters::style::RGBColor;

/// What a colour is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// The page.
    Ground,
    /// Boxes on the page.
    Panel,
    /// Text and axes.
    Ink,
    /// Text that explains.
    Muted,
    /// Grids and borders.
    Line,
    /// Links, and what a picture is about.
    Accent,
    /// What cannot be passed, and what is wrong.
    Limit,
    /// What is right.
    Good,
    /// The k-th of [`KINDS`] areas that are told apart; text on them is [`Role::Ink`].
    Kind(u8),
}

/// Number of colours of areas.
pub const KINDS: usize = 8;

/// Name in the style sheet, on light screens, on dark ones.
type Colour = (&'static str, &'static str, &'static str);

const COLOURS: [(Role, Colour); 8 + KINDS] = [
    (Role::Ground, ("ground", "#ffffff", "#12161c")),
    (Role::Panel, ("panel", "#f4f6f9", "#1b212a")),
    (Role::Ink, ("ink", "#1d2430", "#e6eaf0")),
    (Role::Muted, ("muted", "#535d6c", "#a9b3c0")),
    (Role::Line, ("line", "#d9dfe7", "#38424f")),
    (Role::Accent, ("accent", "#1b5fa8", "#7db7f0")),
    (Role::Limit, ("limit", "#b3352b", "#f08a80")),
    (Role::Good, ("good", "#256b2a", "#7fcf86")),
    (Role::Kind(0), ("kind-0", "#b5d2f2", "#1f4e7d")),
    (Role::Kind(1), ("kind-1", "#f7cfa5", "#74461a")),
    (Role::Kind(2), ("kind-2", "#b9e2bd", "#245f2c")),
    (Role::Kind(3), ("kind-3", "#e2c5ed", "#5d3570")),
    (Role::Kind(4), ("kind-4", "#f5bebe", "#7d2f33")),
    (Role::Kind(5), ("kind-5", "#bfe6e8", "#1c5c62")),
    (Role::Kind(6), ("kind-6", "#e9df9d", "#5e5614")),
    (Role::Kind(7), ("kind-7", "#cfd5dd", "#47505c")),
];

impl Role {
    fn place(self) -> usize {
        let found = COLOURS.iter().position(|(role, _)| *role == self);
        found.unwrap_or(COLOURS.len() - 1)
    }

    /// The colour of the area number `k`, from the first again after the last.
    pub fn kind(k: usize) -> Role {
        Role::Kind((k % KINDS) as u8)
    }

    /// The variable of the style sheet, such as `var(--ink)`.
    pub fn variable(self) -> String {
        format!("var(--{})", COLOURS[self.place()].1.0)
    }

    /// A colour that stands for the variable while a picture is drawn.
    pub fn mark(self) -> RGBColor {
        RGBColor(1, 2, self.place() as u8)
    }
}

/// `svg` with the variables in the place of the marks.
pub fn with_variables(mut svg: String) -> String {
    for (role, _) in COLOURS {
        let RGBColor(red, green, blue) = role.mark();
        let mark = format!("\"#{red:02X}{green:02X}{blue:02X}\"");
        svg = svg.replace(&mark, &format!("\"{}\"", role.variable()));
    }
    svg
}

/// The style sheet's variables, for light screens and for dark ones.
pub fn variables() -> String {
    let all = |value: fn(Colour) -> &'static str| -> String {
        let variable = |(_, colour): &(Role, Colour)| format!("--{}:{};", colour.0, value(*colour));
        COLOURS.iter().map(variable).collect()
    };
    format!(
        ":root{{color-scheme:light dark;{}}}\n@media (prefers-color-scheme:dark){{:root{{{}}}}}\n",
        all(|colour| colour.1),
        all(|colour| colour.2)
    )
}

#[cfg(test)]
mod tests {
    use super::{COLOURS, KINDS, Role, variables, with_variables};

    /// Relative luminance of `#rrggbb`, as WCAG 2 defines it.
    fn luminance(colour: &str) -> f64 {
        let channel = |at: usize| {
            let value = u8::from_str_radix(&colour[at..at + 2], 16).expect("two digits");
            let value = f64::from(value) / 255.0;
            match value <= 0.04045 {
                true => value / 12.92,
                false => ((value + 0.055) / 1.055).powf(2.4),
            }
        };
        0.2126 * channel(1) + 0.7152 * channel(3) + 0.0722 * channel(5)
    }

    fn contrast(a: &str, b: &str) -> f64 {
        let (a, b) = (luminance(a), luminance(b));
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }

    #[test]
    fn text_can_be_read_on_light_and_dark_screens() {
        assert!((contrast("#000000", "#ffffff") - 21.0).abs() < 1e-9);
        let texts = [
            Role::Ink,
            Role::Muted,
            Role::Accent,
            Role::Limit,
            Role::Good,
        ];
        let grounds = [Role::Ground, Role::Panel];
        let on_page = texts
            .iter()
            .flat_map(|text| grounds.map(|ground| (*text, ground)));
        let on_areas = (0..KINDS).map(|k| (Role::Ink, Role::kind(k)));
        let mut pairs = 0;
        for (text, ground) in on_page.chain(on_areas) {
            let [
                (_, (name, light, dark)),
                (_, (below, under_light, under_dark)),
            ] = [text, ground].map(|role| COLOURS[role.place()]);
            for (text, ground) in [(light, under_light), (dark, under_dark)] {
                let ratio = contrast(text, ground);
                assert!(ratio >= 4.5, "{name} on {below}: {ratio:.2}");
                pairs += 1;
            }
        }
        assert_eq!(pairs, 2 * (10 + KINDS));
    }

    #[test]
    fn every_mark_becomes_its_variable() {
        for (role, (name, light, dark)) in COLOURS {
            let plotters::style::RGBColor(_, _, last) = role.mark();
            let svg = with_variables(format!("fill=\"#0102{last:02X}\""));
            assert_eq!(svg, format!("fill=\"var(--{name})\""));
            for value in [light, dark] {
                assert!(variables().contains(&format!("--{name}:{value};")));
            }
        }
    }
}
