//! The upper panel: what each batch cleared at, among the limits of its orders.

use std::ops::Range;

use obscura_auction::order::Side;
use plotters::prelude::*;

use super::batch_axis::BatchAxis;
use super::mark::MARKS;
use super::{Drawing, FONT, FRAME, GRID, LEGEND, MARGIN, MAX_BATCH_LABELS, X_LABELS, Y_LABELS, beside};
use crate::record::Record;
use crate::report::Report;

/// Half of what the marks of one batch spread over, of the way to the next.
const SPREAD: f64 = 0.32;
const PRICE: RGBColor = RGBColor(20, 20, 20);

pub fn paint<B: DrawingBackend>(report: &Report, panel: &Drawing<'_, B>) -> anyhow::Result<()>
where
    B::ErrorType: 'static,
{
    let places = BatchAxis::of(&report.batches);
    let mut chart = ChartBuilder::on(panel)
        .margin(MARGIN)
        .margin_right(LEGEND)
        .x_label_area_size(X_LABELS)
        .y_label_area_size(Y_LABELS)
        .build_cartesian_2d(places.clone(), price_range(&report.orders))?;
    chart
        .configure_mesh()
        .disable_x_mesh()
        .light_line_style(WHITE)
        .bold_line_style(GRID)
        .x_desc("batch")
        .y_desc("USDC per GPU-hour")
        .x_labels(MAX_BATCH_LABELS)
        .y_label_formatter(&|price| format!("{price:.2}"))
        .label_style((FONT, 15))
        .axis_desc_style((FONT, 16))
        .draw()?;
    for mark in &MARKS {
        let orders: Vec<&Record> = report.orders.iter().filter(|order| mark.is_of(order)).collect();
        let points = orders
            .iter()
            .map(|order| (places.place(order.batch_index) + offset(order, report), usdc(order.limit_micro)));
        let style = mark.style();
        let name = format!("limit of {}", mark.name);
        match mark.side {
            Side::Bid => chart
                .draw_series(points.map(|point| Circle::new(point, 5, style)))?
                .label(name)
                .legend(move |(x, y)| Circle::new((x + 12, y), 5, style)),
            Side::Ask => chart
                .draw_series(points.map(|point| TriangleMarker::new(point, 6, style)))?
                .label(name)
                .legend(move |(x, y)| TriangleMarker::new((x + 12, y), 6, style)),
        };
    }
    let priced =
        report.batches.iter().filter_map(|batch| Some((places.place(batch.index), usdc(batch.price_micro?))));
    let (line, thread) = (PRICE.stroke_width(3), PRICE.mix(0.4).stroke_width(1));
    chart
        .draw_series(LineSeries::new(priced.clone(), thread))?
        .label("clearing price")
        .legend(move |(x, y)| PathElement::new([(x, y), (x + 24, y)], line));
    let bars =
        priced.map(|(place, price)| PathElement::new([(place - 0.42, price), (place + 0.42, price)], line));
    chart.draw_series(bars)?;
    chart
        .configure_series_labels()
        .position(beside(panel))
        .background_style(WHITE.mix(0.85))
        .border_style(FRAME)
        .label_font((FONT, 15))
        .draw()?;
    Ok(())
}

/// Marks of one batch side by side, each agent at its own place, so that they do not hide each other.
fn offset(order: &Record, report: &Report) -> f64 {
    let in_batch = report.orders.iter().filter(|other| other.batch_index == order.batch_index);
    let count = in_batch.clone().count();
    let place = in_batch.take_while(|other| other.order_id != order.order_id).count();
    (place as f64 / (count.max(2) - 1) as f64 * 2.0 - 1.0) * SPREAD
}

fn price_range(orders: &[Record]) -> Range<f64> {
    let limits = || orders.iter().map(|order| usdc(order.limit_micro));
    let (low, high) = (limits().fold(f64::INFINITY, f64::min), limits().fold(0.0, f64::max));
    if high > 0.0 { low * 0.93..high * 1.06 } else { 0.0..1.0 }
}

/// For drawing alone.
fn usdc(micro: u64) -> f64 {
    micro as f64 / 1e6
}
