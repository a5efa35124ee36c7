//! The directories in memory: one map that readers take without a lock, changed by publishing and by
//! loading. Knows when to load; what a late load comes to is decided in `tenant`, and what a change
//! does to a directory in `model`.

use crate::backend::{self, Readers};
use crate::error::StoreError;
use crate::freshness::Freshness;
use crate::news::News;
use crate::read;
use crate::tenant::{self, Loaded, Tenant, Tenants};
use arc_swap::ArcSwap;
use model::change::Change;
use model::directory::Directory;
use model::id::CustomerId;
use model::item::Revision;
use model::limits;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::broadcast;

/// Loads that may run side by side; those of one customer follow each other, so that a crowd at one
/// door loads once.
const LOAD_LANES: usize = 16;
/// Loads in a row that a write may overtake before whoever asked hears 503.
const LATE_LOADS: usize = 8;

/// Every customer's directory, loaded on first use and kept.
#[derive(Debug)]
pub struct Directories {
    tenants: ArcSwap<Tenants>,
    /// Held while the map is replaced; never across an await.
    replacing: Mutex<()>,
    lanes: [tokio::sync::Mutex<()>; LOAD_LANES],
    published: broadcast::Sender<Arc<Directory>>,
    readers: Readers,
    freshness: Arc<Freshness>,
}

impl Directories {
    pub(crate) fn new(tenants: Tenants, readers: Readers, freshness: Arc<Freshness>) -> Self {
        Self {
            tenants: ArcSwap::from_pointee(tenants),
            replacing: Mutex::default(),
            lanes: std::array::from_fn(|_| tokio::sync::Mutex::default()),
            published: broadcast::Sender::new(limits::PUBLISHED_QUEUE),
            readers,
            freshness,
        }
    }

    /// The customer's directory as of now; None if there is no such customer. Touches the database
    /// on first use only, unless others write to it and haven't been heard of for two seconds.
    pub async fn snapshot(
        &self,
        customer: CustomerId,
    ) -> Result<Option<Arc<Directory>>, StoreError> {
        self.fresh().await?;
        match self.in_memory(customer) {
            None => Ok(None),
            Some(Some(directory)) => Ok(Some(directory)),
            Some(None) => self.load(customer).await,
        }
    }

    /// Resolves once what is in memory may be answered with; `Unavailable` if it may be old and the
    /// database can't be asked.
    pub(crate) async fn fresh(&self) -> Result<(), StoreError> {
        self.freshness.wait().await
    }

    /// Every snapshot published from now on, in the order of commits. Subscribe first, then take the
    /// snapshots. Only customers whose directory is loaded are published. On `Lagged`, take the
    /// snapshots again.
    pub fn subscribe(&self) -> broadcast::Receiver<Arc<Directory>> {
        self.published.subscribe()
    }

    /// Every customer there is, by id.
    pub fn customers(&self) -> Vec<CustomerId> {
        let mut customers: Vec<_> = self.tenants.load().keys().copied().collect();
        customers.sort_unstable();
        customers
    }

    /// Whether there is such a customer. One that is gone is published a last time.
    pub fn has(&self, customer: CustomerId) -> bool {
        self.tenants.load().contains_key(&customer)
    }

    /// How many directories are in memory.
    pub(crate) fn count(&self) -> usize {
        self.tenants.load().values().filter(|tenant| tenant.directory.is_some()).count()
    }

    /// Whether there is no customer at all.
    pub(crate) fn is_empty(&self) -> bool {
        self.tenants.load().is_empty()
    }

    /// The resellers above a customer; None if there is no such customer.
    pub(crate) fn resellers(&self, customer: CustomerId) -> Option<Vec<CustomerId>> {
        let tenants = self.tenants.load();
        tenants.contains_key(&customer).then(|| tenant::resellers(&tenants, customer))
    }

    /// The customer's revision up to which everything is in memory; 0 if it isn't there.
    pub(crate) fn revision(&self, customer: CustomerId) -> Revision {
        self.tenants.load().get(&customer).map_or(Revision::default(), |tenant| tenant.revision)
    }

    /// The customers whose directory is loaded.
    pub(crate) fn loaded(&self) -> Vec<CustomerId> {
        let tenants = self.tenants.load();
        let loaded = tenants.iter().filter(|(_, tenant)| tenant.directory.is_some());
        loaded.map(|(id, _)| *id).collect()
    }

    /// Makes a committed change everybody's, in the order of commits.
    pub(crate) fn publish(&self, change: &Change) {
        let gone = tenant::is_gone(&change.changed);
        self.replace(change.customer, gone, |before| tenant::follow(before, change));
    }

    /// Makes everybody's what others have committed.
    pub(crate) fn publish_news(&self, news: &News) {
        let gone = tenant::is_gone(&news.changed);
        self.replace(news.customer, gone, |before| tenant::follow_news(before, news));
    }

    /// Takes what a whole reading has brought, as far as it is newer.
    pub(crate) fn reload(&self, tenants: &Tenants) {
        for (customer, loaded) in tenants {
            self.replace(*customer, false, |before| tenant::newer(before, loaded));
        }
    }

    fn replace(
        &self,
        customer: CustomerId,
        gone: bool,
        make: impl FnOnce(Option<&Tenant>) -> Option<Tenant>,
    ) {
        let _replacing = self.replacing.lock().unwrap_or_else(PoisonError::into_inner);
        let tenants = self.tenants.load();
        let Some(after) = make(tenants.get(&customer)) else { return };
        let directory = after.directory.clone();
        self.tenants.store(Arc::new(match gone {
            true => tenants.without(&customer),
            false => tenants.update(customer, after),
        }));
        if let Some(directory) = directory {
            // Nobody listening is fine.
            let _ = self.published.send(directory);
        }
    }

    /// The outer None: no such customer. The inner None: not loaded.
    fn in_memory(&self, customer: CustomerId) -> Option<Option<Arc<Directory>>> {
        self.tenants.load().get(&customer).map(|tenant| tenant.directory.clone())
    }

    async fn load(&self, customer: CustomerId) -> Result<Option<Arc<Directory>>, StoreError> {
        let lane = usize::from(customer.bytes()[11]) % LOAD_LANES;
        let _lane = self.lanes[lane].lock().await;
        for _ in 0..LATE_LOADS {
            match self.in_memory(customer) {
                Some(None) => {}
                None => return Ok(None),
                Some(Some(directory)) => return Ok(Some(directory)),
            }
            let reading = async |reader: &mut _| {
                read::directory(&mut *backend::begin_read(reader).await?, customer).await
            };
            if let Some(loaded) = self.readers.read_much(reading).await? {
                self.install(loaded);
            }
        }
        Err(StoreError::unavailable("writes kept overtaking the load"))
    }

    fn install(&self, loaded: Directory) {
        let _replacing = self.replacing.lock().unwrap_or_else(PoisonError::into_inner);
        let tenants = self.tenants.load();
        let Some(before) = tenants.get(&loaded.customer.id) else { return };
        let current = before.directory.as_ref().map(|directory| directory.revision);
        match tenant::decide(current, before.revision, loaded.revision) {
            Loaded::Discard | Loaded::Late => {}
            Loaded::Install => {
                let customer = loaded.customer.id;
                let after = Tenant { directory: Some(Arc::new(loaded)), ..before.clone() };
                self.tenants.store(Arc::new(tenants.update(customer, after)));
            }
        }
    }
}
