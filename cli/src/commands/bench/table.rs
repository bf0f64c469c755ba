//! What was measured, for people and for scripts.

use std::io::{Write, stdout};

use anyhow::Context;
use comfy_table::{CellAlignment, Table as Drawing, presets};
use serde_json::{Map, Value, json};

/// One part's figures.
pub struct Table {
    pub name: &'static str,
    pub title: String,
    /// Names of the columns, with their units.
    pub columns: Vec<&'static str>,
    pub rows: Vec<Vec<Cell>>,
}

/// One figure.
pub enum Cell {
    Count(u64),
    /// With this many digits after the point.
    Figure(f64, usize),
    Missing,
}

/// Writes every table to standard output.
pub fn print(tables: &[Table], json: bool) -> anyhow::Result<()> {
    let text = if json {
        let parts: Map<String, Value> =
            tables.iter().map(|table| (table.name.to_owned(), table.document())).collect();
        serde_json::to_string_pretty(&parts)?
    } else {
        tables.iter().map(Table::drawing).collect::<Vec<_>>().join("\n\n")
    };
    writeln!(stdout(), "{text}").context("cannot write to standard output")
}

impl Table {
    fn drawing(&self) -> String {
        let mut drawing = Drawing::new();
        drawing.load_preset(presets::UTF8_FULL_CONDENSED).set_header(&self.columns);
        for row in &self.rows {
            drawing.add_row(row.iter().map(Cell::text));
        }
        for column in drawing.column_iter_mut() {
            column.set_cell_alignment(CellAlignment::Right);
        }
        format!("{}\n{drawing}", self.title)
    }

    fn document(&self) -> Value {
        let row = |cells: &Vec<Cell>| -> Value {
            let named = self.columns.iter().zip(cells);
            named.map(|(column, cell)| ((*column).to_owned(), cell.value())).collect::<Map<_, _>>().into()
        };
        json!({ "title": self.title, "rows": self.rows.iter().map(row).collect::<Vec<_>>() })
    }
}

impl Cell {
    fn text(&self) -> String {
        match self {
            Self::Count(count) => count.to_string(),
            Self::Figure(figure, digits) => format!("{figure:.digits$}"),
            Self::Missing => "-".to_owned(),
        }
    }

    fn value(&self) -> Value {
        match self {
            Self::Count(count) => json!(count),
            Self::Figure(figure, _) => json!(figure),
            Self::Missing => Value::Null,
        }
    }
}
