//! Parts that mustn't die alone: a telephone exchange that hears nothing must not look alive.

use tokio::task::JoinHandle;

/// Ends the process should this task panic; the handle ends with it otherwise.
pub fn watch(part: &'static str, running: JoinHandle<()>) -> JoinHandle<()> {
    tokio::spawn(async move {
        if running.await.is_err_and(|error| error.is_panic()) {
            end_process(part);
        }
    })
}

/// Ends the process because this part of it can't go on.
pub fn end_process(part: &str) -> ! {
    tracing::error!(part, "a vital part has died; ending the process");
    std::process::abort()
}
