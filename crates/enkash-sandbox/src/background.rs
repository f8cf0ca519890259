//! What happens without a call: the agenda is kept, and webhooks leave.

use std::sync::Arc;
use std::time::SystemTime;

use enkash_transport::Clock as _;
use tokio::task::JoinSet;

use crate::time::Moment;
use crate::webhooks;
use crate::world::World;

/// Runs until the sandbox is stopped.
pub(crate) async fn run(world: Arc<World>) {
    let mut posts = JoinSet::new();
    loop {
        let next = {
            // To lock the state is to do all that is due.
            let mut state = world.state();
            for post in state.take_due_webhooks() {
                let world = Arc::clone(&world);
                posts.spawn(async move {
                    let began = Moment::from(world.config.clock.now());
                    let number = post.number;
                    let answer = post.send().await;
                    let most = world.config.webhook_tries.max(1);
                    webhooks::tried(&mut world.state(), number, most, began, answer);
                });
            }
            state.plan_until_next()
        };
        let due = async {
            match next {
                Some(next) => {
                    let next = SystemTime::from(next);
                    world.config.clock.sleep_until(next).await;
                }
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            () = world.stopped() => return,
            () = world.woken() => {}
            () = due => {}
        }
        while posts.try_join_next().is_some() {}
    }
}
