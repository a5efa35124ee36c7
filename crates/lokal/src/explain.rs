//! `lokal explain`: asks the running server, or the data folder when none runs.

use crate::config::Config;
use crate::demo;
use crate::offline::Offline;
use crate::options::Question;
use admin::{Admin, AdminError};
use anyhow::{Context, anyhow, bail};
use model::audit::{RequestId, Source};
use model::token::TokenHash;
use serde_json::{Value, json};
use std::net::Ipv4Addr;
use std::sync::Arc;
use store::Store;

/// Asks and prints.
pub fn run(config: &Config, question: &Question) -> anyhow::Result<()> {
    let demo = demo::read(&config.data)?;
    let token = match (&question.token, &demo) {
        (Some(token), _) => token.clone(),
        (None, Some(demo)) => demo.tokens.get("owner").cloned().unwrap_or_default(),
        (None, None) => {
            bail!("no token: give --token or LOKAL_TOKEN (there is no demo in this data folder)")
        }
    };
    let server = demo.map_or_else(|| format!("http://{}", config.http), |demo| demo.http);
    let answer = match ask_server(&server, &token, &request(question)) {
        Asked::Answered(answer) => answer,
        Asked::Refused(detail) => bail!("{detail}"),
        Asked::NoServer => {
            eprintln!(
                "(no server at {server}: reading {}, no phone counts as registered)",
                config.data.display()
            );
            ask_folder(config, &token, &request(question))?
        }
    };
    if question.json {
        println!("{}", serde_json::to_string_pretty(&answer)?);
    } else {
        print!("{}", render(question, &answer));
    }
    Ok(())
}

fn request(question: &Question) -> Value {
    let mut request = json!({ "to": question.to, "from": question.from });
    if let Some(presence) = &question.presence {
        request["presence"] = json!(presence);
    }
    request
}

enum Asked {
    Answered(Value),
    Refused(String),
    NoServer,
}

fn ask_server(server: &str, token: &str, request: &Value) -> Asked {
    let agent = ureq::Agent::config_builder().http_status_as_error(false).build().new_agent();
    let asked = agent
        .post(format!("{server}/pbx/explain"))
        .header("Authorization", format!("Bearer {token}"))
        .send_json(request);
    let Ok(mut reply) = asked else { return Asked::NoServer };
    let status = reply.status();
    match reply.body_mut().read_json::<Value>() {
        Ok(body) if status.is_success() => Asked::Answered(body),
        Ok(body) => Asked::Refused(problem(&body)),
        Err(error) => Asked::Refused(format!("{server} answered {status}: {error}")),
    }
}

/// The problem in words: its detail, and that of each fault.
fn problem(body: &Value) -> String {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let faults = body["errors"].as_array().into_iter().flatten();
    let faults: Vec<_> =
        faults.map(|f| format!("{}: {}", text(&f["message"]), text(&f["detail"]))).collect();
    if faults.is_empty() { text(&body["detail"]) } else { faults.join("; ") }
}

fn ask_folder(config: &Config, token: &str, request: &Value) -> anyhow::Result<Value> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let store = Store::open(&config.data, &config.database).await?;
        let admin = Admin::new(store.clone(), Arc::new(Offline(store.clone())));
        // Nothing is written for it to be told of.
        let source = Source { address: Ipv4Addr::LOCALHOST.into(), request: RequestId(0) };
        let principal = admin.authenticate(TokenHash::of(token), source).await;
        let principal = principal.context("the token isn't known here")?;
        let body = request.as_object().cloned().unwrap_or_default();
        let answer = admin.explain_number(&principal, body).await.map_err(in_words)?;
        store.close().await;
        Ok(serde_json::to_value(answer)?)
    })
}

/// Every fault, as the server would tell them.
fn in_words(error: AdminError) -> anyhow::Error {
    match error {
        AdminError::Invalid(faults) => {
            let faults = faults.iter().map(|fault| format!("{}: {}", fault.member, fault.detail));
            anyhow!("{}", faults.collect::<Vec<_>>().join("; "))
        }
        other => other.into(),
    }
}

fn render(question: &Question, answer: &Value) -> String {
    let mut text =
        format!("{} calls {}: {}\n", question.from, question.to, words(&answer["result"]));
    for step in answer["steps"].as_array().into_iter().flatten() {
        let after = step["afterMs"].as_u64().unwrap_or_default();
        let sentence = step["sentence"].as_str().unwrap_or_default();
        text += &format!("{:>9.3} s  {sentence}\n", after as f64 / 1000.0);
    }
    text
}

fn words(result: &Value) -> String {
    result.as_str().unwrap_or_default().replace('_', " ")
}
