//! `pgstead schema`

use clap::{Args, ValueEnum};

use crate::{
    database::MIGRATIONS,
    output::{Outcome, say},
};

/// Print what pgstead keeps in the database, for other tools. It asks no database.
#[derive(Args, Debug)]
pub(crate) struct Schema {
    /// For whom
    #[arg(long, value_enum)]
    format: Format,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Format {
    /// The statements of all migrations, which make the tables in an empty database
    Sql,
    /// Models of Prisma over the tables, to read them
    Prisma,
}

pub(super) const PRISMA: &str = include_str!("schema/schema.prisma");

impl Schema {
    pub(crate) fn run(&self) -> Outcome {
        match self.format {
            Format::Prisma => say(PRISMA.trim_end()),
            Format::Sql => {
                say("create schema if not exists pgstead;");
                for line in MIGRATIONS {
                    for (name, sql) in line.migrations {
                        say(&format!("\n-- {}: {name}\n{}", line.name, sql.trim_end()));
                    }
                }
            }
        }
        Outcome::Done
    }
}
