//! A sheet to draw on, in pixels of a phone's screen.

use plotters::coord::Shift;
use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};

use super::Picture;
use crate::error::Error;
use crate::palette::{Role, with_variables};

/// Width of every picture in pixels: it fits a phone, and text keeps its size there.
pub const WIDTH: f64 = 360.0;
/// Height of text in pixels.
pub const TEXT: f64 = 13.0;
/// Parts of a pixel that the drawing library knows.
const PARTS: f64 = 4.0;
/// What the SVG backend divides the size of text by.
const BACKEND_TEXT: f64 = 1.24;
/// Width of a letter over the height of text, on average.
const LETTER: f64 = 0.56;

/// Which end of a line of text is at its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Align {
    /// Its left end.
    Left,
    /// Its middle.
    Middle,
    /// Its right end.
    Right,
}

/// The area of a picture.
pub type Area<'s> = DrawingArea<SVGBackend<'s>, Shift>;

/// A sheet of [`WIDTH`] and some height.
pub struct Canvas<'s> {
    area: Area<'s>,
}

/// Draws a picture of `height` pixels.
///
/// # Errors
/// When the drawing library refuses.
pub fn picture(
    title: &str,
    text: String,
    height: f64,
    draw: impl FnOnce(&Canvas) -> Result<(), Error>,
) -> Result<Picture, Error> {
    let mut svg = String::new();
    let size = [WIDTH, height].map(|pixels| (pixels * PARTS).round() as u32);
    let backend = SVGBackend::with_string(&mut svg, (size[0], size[1]));
    let area = backend.into_drawing_area();
    draw(&Canvas { area: area.clone() })?;
    area.present()?;
    drop(area);
    // The element's size and font are the page's affair, and what is the default need not be said.
    let (_, inside) = svg.split_once('>').unwrap_or_default();
    let inside = [
        " opacity=\"1\"",
        " stroke=\"none\"",
        " font-family=\"sans-serif\"",
    ]
    .iter()
    .fold(inside.to_owned(), |svg, said| svg.replace(said, ""));
    let inside = with_variables(inside.replace("\n</text>", "</text>"));
    let label = minijinja::HtmlEscape(&text).to_string();
    Ok(Picture {
        title: title.to_owned(),
        svg: format!(
            "<svg viewBox=\"0 0 {} {}\" role=\"img\" aria-label=\"{label}\">{inside}",
            size[0], size[1]
        ),
        text,
    })
}

/// A place in the drawing library's parts of a pixel.
fn place((x, y): (f64, f64)) -> (i32, i32) {
    ((x * PARTS).round() as i32, (y * PARTS).round() as i32)
}

/// A style of text of a role, for the axes of charts.
pub fn text_style(role: Role, align: Align) -> TextStyle<'static> {
    let horizontal = match align {
        Align::Left => HPos::Left,
        Align::Middle => HPos::Center,
        Align::Right => HPos::Right,
    };
    let font = ("sans-serif", TEXT * PARTS * BACKEND_TEXT).into_font();
    TextStyle {
        font,
        color: role.mark().to_backend_color(),
        pos: Pos::new(horizontal, VPos::Center),
    }
}

/// A line of so many pixels, for charts.
pub fn stroke(role: Role, width: f64) -> ShapeStyle {
    role.mark().stroke_width((width * PARTS).round() as u32)
}

/// Pixels as the drawing library counts them.
pub fn parts(pixels: f64) -> i32 {
    (pixels * PARTS).round() as i32
}

/// Width of a line of text in pixels, about.
pub fn width_of(text: &str) -> f64 {
    LETTER * TEXT * text.chars().count() as f64
}

/// `text`, shortened to so many pixels; nothing where no two letters fit.
pub fn fitted(text: &str, width: f64) -> Option<String> {
    let letters = (width / (LETTER * TEXT)).floor() as usize;
    let count = text.chars().count();
    match letters {
        _ if count <= letters => Some(text.to_owned()),
        0..4 => None,
        _ => Some(text.chars().take(letters - 1).chain(['…']).collect()),
    }
}

impl<'s> Canvas<'s> {
    /// The drawing library's area, for charts.
    pub fn area(&self) -> &Area<'s> {
        &self.area
    }

    /// A filled rectangle; it is never thinner than a part of a pixel.
    pub fn rectangle(&self, at: (f64, f64), size: (f64, f64), role: Role) -> Result<(), Error> {
        let (left, top) = place(at);
        let (right, bottom) = place((at.0 + size.0, at.1 + size.1));
        let corners = [(left, top), (right.max(left + 1), bottom.max(top + 1))];
        Ok(self
            .area
            .draw(&Rectangle::new(corners, role.mark().filled()))?)
    }

    /// The outline of a rectangle.
    pub fn outline(&self, at: (f64, f64), size: (f64, f64), role: Role) -> Result<(), Error> {
        let (right, bottom) = (at.0 + size.0, at.1 + size.1);
        let corners = [at, (right, at.1), (right, bottom), (at.0, bottom), at];
        self.line(&corners, role, 1.0)
    }

    /// A line through points.
    pub fn line(&self, points: &[(f64, f64)], role: Role, width: f64) -> Result<(), Error> {
        let points: Vec<(i32, i32)> = points.iter().copied().map(place).collect();
        Ok(self
            .area
            .draw(&PathElement::new(points, stroke(role, width)))?)
    }

    /// A filled circle.
    pub fn dot(&self, at: (f64, f64), radius: f64, role: Role) -> Result<(), Error> {
        let circle = Circle::new(place(at), parts(radius), role.mark().filled());
        Ok(self.area.draw(&circle)?)
    }

    /// A line of text whose middle is at the height of `at`.
    pub fn text(&self, text: &str, at: (f64, f64), align: Align, role: Role) -> Result<(), Error> {
        let text = Text::new(text.to_owned(), place(at), text_style(role, align));
        Ok(self.area.draw(&text)?)
    }
}
