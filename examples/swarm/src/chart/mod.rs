//! The chart: price and limits of every batch above, what became of the orders below. Once as SVG, once as
//! PNG, from the same drawing.

mod batch_axis;
mod mark;
mod order_panel;
mod price_panel;

use std::path::Path;

use anyhow::{Context, anyhow};
use plotters::coord::Shift;
use plotters::prelude::*;
use plotters::style::{FontStyle, register_font};

use crate::report::Report;

const SIZE: (u32, u32) = (1_360, 900);
/// Pixels to the right of the panels, for what the marks mean.
const LEGEND: u32 = 230;
/// Pixels of the upper panel.
const PRICES: u32 = 560;
const MAX_BATCH_LABELS: usize = 16;
/// Every glyph is as wide as the others: small text keeps its spacing on whole pixels.
const FONT: &str = "monospace";
const MARGIN: u32 = 14;
const Y_LABELS: u32 = 80;
const X_LABELS: u32 = 46;
const GRID: RGBColor = RGBColor(225, 225, 225);
const FRAME: RGBColor = RGBColor(200, 200, 200);

type Drawing<'a, B> = DrawingArea<B, Shift>;

/// Writes `swarm.svg` and `swarm.png` into `folder`.
pub fn draw(report: &Report, folder: &Path) -> anyhow::Result<()> {
    std::fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
    // No font of the machine's: the drawing is the same everywhere.
    register_font(FONT, FontStyle::Normal, epaint_default_fonts::HACK_REGULAR)
        .map_err(|_| anyhow!("the chart's font does not load"))?;
    let (svg, png) = (folder.join("swarm.svg"), folder.join("swarm.png"));
    paint(report, SVGBackend::new(&svg, SIZE).into_drawing_area())?;
    paint(report, BitMapBackend::new(&png, SIZE).into_drawing_area())
}

fn paint<B: DrawingBackend>(report: &Report, drawing: Drawing<'_, B>) -> anyhow::Result<()>
where
    B::ErrorType: 'static,
{
    drawing.fill(&WHITE)?;
    let run = &report.run;
    let title = format!(
        "{}: {} orders of {} agents, seed {}",
        run.gpu_type,
        report.orders.len(),
        agents(report),
        run.seed
    );
    let (prices, orders) = drawing.margin(16, 0, 0, 0).titled(&title, (FONT, 22))?.split_vertically(PRICES);
    price_panel::paint(report, &prices)?;
    order_panel::paint(report, &orders)?;
    Ok(drawing.present()?)
}

/// Where a legend begins, in pixels of its panel's plot.
fn beside<B: DrawingBackend>(drawing: &Drawing<'_, B>) -> SeriesLabelPosition {
    let width = drawing.dim_in_pixel().0 - MARGIN - Y_LABELS - LEGEND;
    SeriesLabelPosition::Coordinate(i32::try_from(width).unwrap_or(0) + 16, 0)
}

fn agents(report: &Report) -> usize {
    report.strategies.iter().map(|line| line.agents).sum()
}
