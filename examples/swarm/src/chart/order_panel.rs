//! The lower panel: how many orders of each batch were filled, and how many were not.

use plotters::prelude::*;

use super::batch_axis::BatchAxis;
use super::mark::MARKS;
use super::{Drawing, FONT, FRAME, GRID, LEGEND, MARGIN, MAX_BATCH_LABELS, X_LABELS, Y_LABELS, beside};
use crate::report::Report;

pub fn paint<B: DrawingBackend>(report: &Report, panel: &Drawing<'_, B>) -> anyhow::Result<()>
where
    B::ErrorType: 'static,
{
    let places = BatchAxis::of(&report.batches);
    let most = report.batches.iter().flat_map(|batch| MARKS.iter().map(|mark| mark.count(batch))).max();
    let mut chart = ChartBuilder::on(panel)
        .margin(MARGIN)
        .margin_right(LEGEND)
        .x_label_area_size(X_LABELS)
        .y_label_area_size(Y_LABELS)
        .build_cartesian_2d(places.clone(), 0.0..most.unwrap_or(0).max(1) as f64 * 1.1)?;
    chart
        .configure_mesh()
        .disable_x_mesh()
        .light_line_style(WHITE)
        .bold_line_style(GRID)
        .x_desc("batch")
        .y_desc("orders")
        .x_labels(MAX_BATCH_LABELS)
        .y_label_formatter(&|orders| format!("{orders:.0}"))
        .y_labels(5)
        .label_style((FONT, 15))
        .axis_desc_style((FONT, 16))
        .draw()?;
    for (number, mark) in (0..).zip(&MARKS) {
        let left = -0.4 + 0.2 * f64::from(number);
        let style = if mark.filled { mark.colour.filled() } else { mark.colour.mix(0.55).filled() };
        let bars = report.batches.iter().map(|batch| {
            let place = places.place(batch.index) + left;
            Rectangle::new([(place, 0.0), (place + 0.18, mark.count(batch) as f64)], style)
        });
        chart
            .draw_series(bars)?
            .label(mark.name)
            .legend(move |(x, y)| Rectangle::new([(x + 4, y - 6), (x + 20, y + 6)], style));
    }
    chart
        .configure_series_labels()
        .position(beside(panel))
        .background_style(WHITE.mix(0.85))
        .border_style(FRAME)
        .label_font((FONT, 15))
        .draw()?;
    Ok(())
}
