//! A chart whose two axes are logarithmic.

use std::ops::Range;

use plotters::chart::ChartContext;
use plotters::coord::combinators::LogCoord;
use plotters::prelude::*;

use super::canvas::{Align, Area, parts, stroke, text_style};
use super::scale::short;
use crate::error::Error;
use crate::palette::Role;

/// A chart on two logarithmic axes.
pub type Chart<'c, 's> =
    ChartContext<'c, SVGBackend<'s>, Cartesian2d<LogCoord<f64>, LogCoord<f64>>>;

/// An axis.
pub struct Axis {
    /// Its name, with the unit.
    pub name: &'static str,
    /// From its least value, above 0, to its greatest.
    pub range: Range<f64>,
}

/// Draws the axes on `area`, with a line for each label.
///
/// # Errors
/// When the drawing library refuses.
pub fn axes<'c, 's>(area: &'c Area<'s>, x: Axis, y: Axis) -> Result<Chart<'c, 's>, Error> {
    let mut chart = ChartBuilder::on(area)
        .margin_top(parts(8.0))
        .margin_left(parts(9.0))
        .margin_right(parts(24.0))
        .x_label_area_size(parts(44.0))
        .y_label_area_size(parts(54.0))
        .build_cartesian_2d(x.range.log_scale().base(2.0), y.range.log_scale().base(2.0))?;
    let label = text_style(Role::Muted, Align::Middle);
    chart
        .configure_mesh()
        .x_labels(5)
        .y_labels(5)
        .x_desc(x.name)
        .y_desc(y.name)
        .x_label_formatter(&|value| short(*value))
        .y_label_formatter(&|value| short(*value))
        .label_style(label.clone())
        .axis_desc_style(label)
        .axis_style(stroke(Role::Muted, 1.0))
        .bold_line_style(stroke(Role::Line, 1.0))
        .light_line_style(stroke(Role::Line, 0.25))
        .draw()?;
    Ok(chart)
}
