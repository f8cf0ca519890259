//! Payment gateway: tokens, orders and payments.

mod notifications;
mod orders;
mod payments;
mod token;

pub use notifications::PaymentNotification;
pub use orders::{
    Address, Amount, CreateOrder, CreatedOrder, Currency, CustomerDetail, GetOrderStatus,
    MerchantOrderId, Order, OrderId, OrderPaymentDetail, OrderStatus, RestrictedPaymentOptions,
};
pub use payments::{Payment, PaymentMode, PaymentStatus, TransactionId};
pub use token::{CreateMerchantToken, MerchantToken};
