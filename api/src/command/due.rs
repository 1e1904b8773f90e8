//! `trm due`: explains when a time limit ends, one by arguments or many as JSON lines.

use std::io::{BufRead, BufWriter, Write, stdin, stdout};

use clap::Args;
use domain::{
    Timestamp,
    codes::CodeList as _,
    deadlines::working_time::{Calendar, Limit, Span, WorkingTime, calendars},
    text::Country,
};
use serde::Deserialize;
use time::Duration;

use super::{Failed, say};

pub(super) const EXAMPLES: &str = "\
Examples:
  trm due --country EE --from 2027-01-04T10:00:00Z --working-days 3
  trm due --country DK --zone America/Nuuk --from 2027-01-31T10:00:00Z --months 1 --paused-seconds 86400
  trm due --batch <<<'{\"country\": \"FI\", \"from\": \"2027-06-24T10:00:00Z\", \"span\": {\"workingDays\": 1}}'

A line of --batch may also have `zone` and `pausedSeconds`; it is answered with a line that has `at` and `skipped`.
What is skipped after a pause are the days that the end moved over because of it.";

#[derive(Args, Debug)]
pub(super) struct DueArgs {
    /// The country whose calendar counts, two letters
    #[arg(long, value_parser = country, required = true)]
    country: Option<Country>,
    /// When the event happened that starts the period, RFC 3339
    #[arg(long, value_name = "INSTANT", value_parser = instant, required = true, requires = "span")]
    from: Option<Timestamp>,
    #[command(flatten)]
    span: Option<SpanArgs>,
    /// The time zone, IANA name; the country's main one when left out
    #[arg(long, value_name = "NAME")]
    zone: Option<String>,
    /// How long the period was paused
    #[arg(long, value_name = "SECONDS")]
    paused_seconds: Option<u32>,
    /// Read questions as JSON lines from standard input and answer in JSON lines
    #[arg(long, exclusive = true)]
    batch: bool,
}

#[derive(Args, Debug)]
#[group(id = "span", multiple = false)]
struct SpanArgs {
    /// The period in minutes
    #[arg(long, value_name = "N")]
    minutes: Option<u32>,
    /// The period in hours
    #[arg(long, value_name = "N")]
    hours: Option<u32>,
    /// The period in days after the day of the event
    #[arg(long, value_name = "N")]
    calendar_days: Option<u16>,
    /// The period in working days after the day of the event
    #[arg(long, value_name = "N")]
    working_days: Option<u16>,
    /// The period in months
    #[arg(long, value_name = "N")]
    months: Option<u16>,
}

impl SpanArgs {
    fn given(&self) -> Option<Span> {
        None.or(self.minutes.map(Span::Minutes))
            .or(self.hours.map(Span::Hours))
            .or(self.calendar_days.map(Span::CalendarDays))
            .or(self.working_days.map(Span::WorkingDays))
            .or(self.months.map(Span::Months))
    }
}

/// One time limit that is asked for.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Question {
    country: Country,
    from: Timestamp,
    span: Span,
    zone: Option<String>,
    paused_seconds: Option<u32>,
}

impl Question {
    fn of(args: DueArgs) -> Option<Self> {
        let (country, from, span) = (args.country?, args.from?, args.span?.given()?);
        Some(Self { country, from, span, zone: args.zone, paused_seconds: args.paused_seconds })
    }

    fn zone(&self) -> Result<&str, String> {
        let calendar = Calendar::of(self.country).ok_or_else(|| {
            let known: Vec<_> = calendars().iter().map(|it| it.country).collect();
            format!("there is no calendar for {}; there is one for {}", self.country, known.join(", "))
        })?;
        Ok(self.zone.as_deref().unwrap_or(calendar.zone))
    }

    fn answer(&self) -> Result<Limit, String> {
        let zone = self.zone()?;
        let working = WorkingTime::of(self.country, zone)
            .ok_or_else(|| format!("{zone} is no time zone of the IANA database"))?;
        let limit = working.limit(self.from, self.span);
        Ok(match self.paused_seconds {
            None => limit,
            Some(paused) => working.prolonged(limit.at, self.span, Duration::seconds(paused.into())),
        })
    }
}

/// Prints when the time limit ends and which days were not counted.
pub(super) fn due(args: DueArgs) -> Result<(), Failed> {
    if args.batch {
        return batch(stdin().lock(), BufWriter::new(stdout().lock()));
    }
    let question = Question::of(args).ok_or_else(|| Failed::unusable("nothing is asked"))?;
    let limit = question.answer().map_err(Failed::unusable)?;
    say(&limit.at.to_string());
    for day in limit.skipped {
        let name = day.name.map(|it| format!(", {it}")).unwrap_or_default();
        say(&format!("not counted: {} ({}{name})", day.day, day.reason.label()));
    }
    Ok(())
}

fn batch(questions: impl BufRead, mut answers: impl Write) -> Result<(), Failed> {
    for (number, line) in questions.lines().enumerate() {
        let wrong = |why: String| Failed::unusable(format!("line {}: {why}", number + 1));
        let line = line.map_err(|error| wrong(error.to_string()))?;
        let question: Question = serde_json::from_str(&line).map_err(|error| wrong(error.to_string()))?;
        let answer = question.answer().map_err(wrong)?;
        let text = serde_json::to_string(&answer).map_err(|error| Failed::new(error.to_string()))?;
        writeln!(answers, "{text}").map_err(|error| Failed::new(error.to_string()))?;
    }
    answers.flush().map_err(|error| Failed::new(error.to_string()))
}

fn country(text: &str) -> Result<Country, String> {
    Country::parse(text).ok_or_else(|| "two capital letters are needed, such as EE".to_owned())
}

fn instant(text: &str) -> Result<Timestamp, String> {
    Timestamp::parse(text).ok_or_else(|| "an instant is needed, such as 2027-01-04T10:00:00Z".to_owned())
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;

    #[derive(Debug, Parser)]
    struct OfArguments {
        #[command(flatten)]
        args: DueArgs,
    }

    fn asked(arguments: &str) -> Result<DueArgs, String> {
        OfArguments::try_parse_from(std::iter::once("due").chain(arguments.split_whitespace()))
            .map(|it| it.args)
            .map_err(|error| error.to_string())
    }

    #[test]
    fn one_question_by_arguments_takes_the_main_zone_unless_another_is_named() {
        let answer =
            |arguments: &str| Question::of(asked(arguments).expect("parses")).expect("asks").answer();
        let at = |arguments: &str| answer(arguments).expect("answers").at.to_string();
        let common = "--country DK --from 2027-01-04T10:00:00Z --working-days 3";
        assert_eq!(at(common), "2027-01-07T23:00:00Z");
        assert_eq!(at(&format!("{common} --zone America/Nuuk")), "2027-01-08T02:00:00Z");
        assert_eq!(at(&format!("{common} --paused-seconds 86400")), "2027-01-08T23:00:00Z");
        let unknown = answer("--country XX --from 2027-01-04T10:00:00Z --hours 3").expect_err("none");
        assert!(unknown.contains("no calendar for XX") && unknown.contains("EE, LV"), "{unknown}");
        let nowhere = answer(&format!("{common} --zone Europe/Nowhere")).expect_err("none");
        assert!(nowhere.contains("Europe/Nowhere"), "{nowhere}");
    }

    #[test]
    fn a_question_is_whole_or_none_and_a_batch_stands_alone() {
        assert!(asked("--batch").expect("parses").batch);
        for bad in [
            "",
            "--country EE --from 2027-01-04T10:00:00Z",
            "--country EE --hours 3",
            "--from 2027-01-04T10:00:00Z --hours 3",
            "--country EE --from 2027-01-04T10:00:00Z --hours 3 --months 1",
            "--country EE --from 2027-01-04 --hours 3",
            "--country ee --from 2027-01-04T10:00:00Z --hours 3",
            "--country EE --from 2027-01-04T10:00:00Z --months 65536",
            "--batch --country EE",
            "--batch --hours 3",
        ] {
            assert!(asked(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_batch_answers_line_by_line_and_names_the_line_that_is_wrong() {
        let good = r#"{"country":"NO","from":"2027-05-14T10:00:00Z","span":{"workingDays":1}}"#;
        let paused = r#"{"country":"NO","zone":"Europe/Oslo","from":"2027-05-14T10:00:00Z","span":{"minutes":1},"pausedSeconds":60}"#;
        let mut answers = Vec::new();
        batch(format!("{good}\n{paused}\n").as_bytes(), &mut answers).expect("answers");
        assert_eq!(
            String::from_utf8_lossy(&answers),
            concat!(
                r#"{"at":"2027-05-18T22:00:00Z","skipped":[{"day":"2027-05-15","reason":"weekend"},"#,
                r#"{"day":"2027-05-16","reason":"public_holiday","name":"Pentecost"},"#,
                r#"{"day":"2027-05-17","reason":"public_holiday","name":"Constitution Day"}]}"#,
                "\n",
                r#"{"at":"2027-05-14T10:02:00Z","skipped":[]}"#,
                "\n"
            )
        );
        let failed = batch(format!("{good}\nnonsense\n").as_bytes(), Vec::new()).expect_err("is no question");
        assert!(failed.to_string().starts_with("line 2: "), "{failed}");
    }
}
