//! Writing numbers that somebody else counted, with their name, help and labels. Labels are words of
//! ours, never a customer, a number or an id: there must be few of them.

use prometheus_client::encoding::{DescriptorEncoder, EncodeMetric};
use prometheus_client::metrics::MetricType;
use prometheus_client::metrics::counter::ConstCounter;
use prometheus_client::metrics::gauge::ConstGauge;
use std::fmt::Error;

/// One answer being written.
pub struct Scrape<'a>(pub DescriptorEncoder<'a>);

/// A label.
pub type Label<'a> = (&'static str, &'a str);

impl Scrape<'_> {
    /// A number that only rises; `_total` is added to its name.
    pub fn counter(&mut self, name: &str, help: &str, value: f64) -> Result<(), Error> {
        let metric = self.0.encode_descriptor(name, help, None, MetricType::Counter)?;
        ConstCounter::new(value).encode(metric)
    }

    /// A number that rises and falls.
    pub fn gauge(&mut self, name: &str, help: &str, value: f64) -> Result<(), Error> {
        let metric = self.0.encode_descriptor(name, help, None, MetricType::Gauge)?;
        ConstGauge::new(value).encode(metric)
    }

    /// Numbers that only rise, each with its label.
    pub fn counters<'l>(
        &mut self,
        name: &str,
        help: &str,
        values: impl IntoIterator<Item = (Label<'l>, u64)>,
    ) -> Result<(), Error> {
        let mut metric = self.0.encode_descriptor(name, help, None, MetricType::Counter)?;
        for (label, value) in values {
            ConstCounter::new(value).encode(metric.encode_family(&[label])?)?;
        }
        Ok(())
    }

    /// Numbers that rise and fall, each with its label.
    pub fn gauges<'l>(
        &mut self,
        name: &str,
        help: &str,
        values: impl IntoIterator<Item = (Label<'l>, f64)>,
    ) -> Result<(), Error> {
        let mut metric = self.0.encode_descriptor(name, help, None, MetricType::Gauge)?;
        for (label, value) in values {
            ConstGauge::new(value).encode(metric.encode_family(&[label])?)?;
        }
        Ok(())
    }

    /// Durations in classes: upper end in seconds, and how many are in the class itself.
    pub fn seconds(
        &mut self,
        name: &str,
        help: &str,
        sum: f64,
        classes: &[(f64, u64)],
    ) -> Result<(), Error> {
        let mut metric = self.0.encode_descriptor(name, help, None, MetricType::Histogram)?;
        let count = classes.iter().map(|(_, count)| count).sum();
        metric.encode_histogram::<[Label<'_>; 0]>(sum, count, classes, None)
    }
}
