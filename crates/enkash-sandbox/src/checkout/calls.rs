//! The calls by which EnKash's own browser checkout takes a payment from a merchant's page.
//!
//! They are no merchant API and stand in no documentation; EnKash may change them. What is known
//! of them is what a public integration sends and reads: `x-integration-calls` in
//! `docs/contract/payment-gateway.yaml`. So their types are here and not in `enkash-types`.
//!
//! Below `/pay/charge/` EnKash may answer without an envelope, with `resultCode` and
//! `resultMessage` beside the fields; the sandbox always does. All others have the envelope.

use std::sync::Arc;

use enkash_types::gateway::{Address, CustomerDetail, PaymentMode, PaymentStatus, TransactionId};
use enkash_types::{
    Email, Extra, MobileNumber, PersonName, PhoneNumber, Rupees, Secret, masked, read,
};
use http::StatusCode;
use http::request::Parts;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::value::to_raw_value;
use serde_json::{Map, Value, json};

use super::card::Typed;
use super::choose::APPS;
use super::shown;
use super::ways::Offer;
use super::window::Window;
use crate::gateway::attempts::{self, Refused, Waits};
use crate::gateway::instruments::{Instrument, scheme};
use crate::gateway::{notifications, orders};
use crate::router::{Done, json_answer, other_method};
use crate::state::State;
use crate::world::World;

/// Answers a call, if it is one of these.
pub(crate) fn handle(world: &Arc<World>, head: &Parts, body: &[u8]) -> Option<Done> {
    let path = head.uri.path().strip_prefix('/')?;
    let segments: Vec<&str> = path.split('/').collect();
    let (method, call): (_, Call) = match segments[..] {
        ["pay", "checkout", _] => ("GET", read_checkout),
        ["pay", "charge", "process"] => ("POST", charge),
        ["pay", "charge", "intent-transaction"] => ("POST", start_intent),
        ["api", "v0", "transactions", _, "minimal"] => ("GET", read_minimal),
        ["api", "v0", "bin", "details"] => ("GET", read_bin),
        ["pay", "checkout", "customer-info", _] => ("PATCH", set_customer_info),
        ["pay", "charge", "expire"] => ("PATCH", expire_charge),
        ["pay", "charge", "cancel"] => ("PATCH", cancel_charge),
        ["pay", "charge", "order", "cancel"] => ("PATCH", cancel_order),
        _ => return None,
    };
    if head.method != method {
        return Some(Done::open(other_method(&[method])));
    }
    let asked = Asked {
        world,
        id: segments.iter().rfind(|segment| **segment != "minimal")?,
        query: head.uri.query().unwrap_or_default(),
        body,
    };
    let has_envelope = segments[..2] != ["pay", "charge"];
    Some(answered(has_envelope, call(&asked)))
}

/// A call.
struct Asked<'a> {
    world: &'a World,
    /// What stands in the path, where something does.
    id: &'a str,
    query: &'a str,
    body: &'a [u8],
}

type Call = fn(&Asked<'_>) -> Result<Told, No>;

/// An answer, and both sides as a person may see them.
struct Told {
    body: Value,
    shown: Value,
    request: Option<Value>,
}

impl Told {
    fn new(answer: &impl Serialize) -> Self {
        Self {
            body: serde_json::to_value(answer).unwrap_or_default(),
            shown: masked(answer).unwrap_or_default(),
            request: None,
        }
    }

    fn asked_by(mut self, request: &impl Serialize) -> Self {
        self.request = masked(request).ok();
        self
    }
}

/// A refusal: the HTTP status, which is the code as well, and why.
struct No(u16, String);

impl From<Refused> for No {
    fn from(refused: Refused) -> Self {
        Self(refused.status(), refused.to_string())
    }
}

fn answered(has_envelope: bool, told: Result<Told, No>) -> Done {
    let (status, code, message, told) = match told {
        Ok(told) => (StatusCode::OK, 0, "Success".to_owned(), told),
        Err(No(code, message)) => {
            let status = StatusCode::from_u16(code).unwrap_or(StatusCode::BAD_REQUEST);
            let nothing = Told {
                body: Value::Null,
                shown: Value::Null,
                request: None,
            };
            (status, code, message, nothing)
        }
    };
    let whole = |part: Value| match (has_envelope, part) {
        (true, Value::Null) => json!({"response_code": code, "response_message": message}),
        (true, payload) => {
            json!({"response_code": code, "response_message": message, "payload": payload})
        }
        (false, Value::Object(mut fields)) => {
            fields.entry("resultCode").or_insert(code.into());
            fields
                .entry("resultMessage")
                .or_insert(message.as_str().into());
            Value::Object(fields)
        }
        (false, _) => json!({"resultCode": code, "resultMessage": message}),
    };
    let response = json_answer(status, &whole(told.body));
    let request = told
        .request
        .as_ref()
        .and_then(|request| to_raw_value(request).ok());
    let answer = to_raw_value(&whole(told.shown)).ok();
    Done::shown(response, request, answer)
}

fn body<T: DeserializeOwned>(asked: &Asked<'_>) -> Result<T, No> {
    read::json(asked.body).map_err(|error| No(400, error.to_string()))
}

/// What the checkout has to know of an order.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Checkout {
    transaction_id: TransactionId,
    unique_transaction_id: String,
    public_identifier_key: Secret,
    amount: Rupees,
    total_amount: Rupees,
    /// The sandbox takes none.
    surcharges: Map<String, Value>,
    surcharge_gst: u8,
    merchant_info: MerchantInfo,
    #[serde(flatten)]
    modes: Modes,
    credit_card_schemes: Vec<String>,
    debit_card_schemes: Vec<String>,
    prepaid_card_schemes: Vec<String>,
    corporate_card_schemes: Vec<String>,
    card_schemes_supported: [&'static str; 5],
    net_banking_list: Vec<Bank>,
    top_net_banking_list: Vec<Bank>,
    wallet_list: Vec<Wallet>,
    /// Minutes.
    upi_collect_timeout: u8,
    payment_attempt_left: bool,
    name: Option<String>,
    phone: Option<String>,
    skip_contact_info: bool,
    #[serde(rename = "checkoutProcessURL")]
    checkout_process_url: String,
    #[serde(rename = "checkoutCancelURL")]
    checkout_cancel_url: String,
    #[serde(rename = "returnURL")]
    return_url: Option<String>,
    error: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct MerchantInfo {
    merchant_name: &'static str,
    checkout_logo: Option<String>,
    checkout_color_scheme: Option<String>,
    hide_app_intent_links: bool,
    upi_vpa_enabled: bool,
}

/// What can be paid with. What is not said here is not to be had in the sandbox.
#[derive(Default, Serialize)]
#[serde(rename_all = "camelCase")]
struct Modes {
    upi: bool,
    upi_qr_code_enabled: bool,
    credit_card: bool,
    debit_card: bool,
    prepaid_card: bool,
    corporate_card: bool,
    net_banking: bool,
    wallet: bool,
    pay_later: bool,
    points: bool,
    saved_cards: bool,
    connected_banking: bool,
    multiple_payment_option: bool,
    any_payment_mode_active: bool,
}

#[derive(Clone, Serialize)]
#[serde(rename_all = "camelCase")]
struct Bank {
    code: String,
    name: String,
    /// The values of these two are not known.
    image: Option<String>,
    net_banking_account_type: Option<String>,
}

#[derive(Serialize)]
struct Wallet {
    code: String,
    name: String,
}

fn read_checkout(asked: &Asked<'_>) -> Result<Told, No> {
    let mut state = asked.world.state();
    let state = &mut *state;
    let order = state.orders.by_id(asked.id).ok_or(Refused::NoOrder)?;
    let row = attempts::open(state, order)?;
    let now = state.now;
    state.orders.at_mut(order).render(now);
    let (placed, attempt) = (&state.orders[order], &state.attempts[row]);
    let rest = placed.rest();
    let offer = Offer(rest.restricted_payment_options);
    let info = rest.customer_info.unwrap_or_default();
    let takes = |mode| offer.schemes(&mode).is_some();
    let schemes = |mode| offer.schemes(&mode).unwrap_or_default().to_vec();
    let banks = |mode| {
        let banks = offer.banks(&mode).into_iter();
        banks.map(|bank| (bank.code, bank.name))
    };
    let net_banking: Vec<Bank> = banks(PaymentMode::NetBanking)
        .map(|(code, name)| Bank {
            code,
            name,
            image: None,
            net_banking_account_type: None,
        })
        .collect();
    let wallets: Vec<Wallet> = banks(PaymentMode::Wallet)
        .map(|(code, name)| Wallet { code, name })
        .collect();
    let mut modes = Modes {
        upi: offer.takes_upi(),
        upi_qr_code_enabled: offer.takes_upi(),
        credit_card: takes(PaymentMode::CreditCard),
        debit_card: takes(PaymentMode::DebitCard),
        prepaid_card: takes(PaymentMode::PrepaidCard),
        corporate_card: takes(PaymentMode::CorporateCard),
        net_banking: !net_banking.is_empty(),
        wallet: !wallets.is_empty(),
        ..Modes::default()
    };
    modes.any_payment_mode_active = modes.upi
        || modes.credit_card
        || modes.debit_card
        || modes.prepaid_card
        || modes.corporate_card
        || modes.net_banking
        || modes.wallet;
    let url = &asked.world.url;
    Ok(Told::new(&Checkout {
        transaction_id: attempt.id.clone(),
        unique_transaction_id: attempt.unique_id.to_string(),
        public_identifier_key: asked.world.config.credentials.access_key.clone(),
        amount: placed.amount,
        total_amount: placed.amount,
        surcharges: Map::new(),
        surcharge_gst: 18,
        merchant_info: MerchantInfo {
            merchant_name: orders::MERCHANT,
            checkout_logo: None,
            checkout_color_scheme: None,
            hide_app_intent_links: false,
            // No call is known by which the browser would hand an address in.
            upi_vpa_enabled: false,
        },
        modes,
        credit_card_schemes: schemes(PaymentMode::CreditCard),
        debit_card_schemes: schemes(PaymentMode::DebitCard),
        prepaid_card_schemes: schemes(PaymentMode::PrepaidCard),
        corporate_card_schemes: schemes(PaymentMode::CorporateCard),
        card_schemes_supported: ["VISA", "MASTERCARD", "RUPAY", "AMEX", "DINERS"],
        top_net_banking_list: net_banking.clone(),
        net_banking_list: net_banking,
        wallet_list: wallets,
        upi_collect_timeout: 5,
        payment_attempt_left: true,
        name: info.first_name.as_ref().map(PersonName::to_string),
        skip_contact_info: info.phone_number.is_some(),
        phone: info.phone_number.as_ref().map(PhoneNumber::to_string),
        checkout_process_url: format!("{url}/pay/charge/process"),
        checkout_cancel_url: format!("{url}/pay/charge/cancel"),
        return_url: placed.return_url.as_deref().map(str::to_owned),
        error: None,
    }))
}

/// The payer has chosen.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Charge {
    unique_transaction_id: String,
    public_identifier_key: Secret,
    transaction_id: TransactionId,
    payment_detail: Detail,
    /// Surcharge and convenience fee together, a text with two decimals.
    surcharge: Option<String>,
    surcharge_gst: Option<Value>,
    #[serde(default)]
    popup_mode: bool,
}

/// What the payer pays with. Of a card number, CVV and expiry are in base64 each.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Detail {
    payment_mode: PaymentMode,
    bank_code: Option<String>,
    card_holder_name: Option<Secret>,
    card_number: Option<Secret>,
    cvv: Option<Secret>,
    expiry: Option<Secret>,
    save_card: Option<bool>,
    payment_token: Option<Secret>,
    payment_type: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Charged {
    transaction_id: TransactionId,
    transaction_status: PaymentStatus,
    dauth: bool,
    error: Option<&'static str>,
    iframe: Option<&'static str>,
    transaction_uuid: Option<String>,
    rupay: bool,
    render_otp_page: bool,
    redirection_url: Option<String>,
}

fn charge(asked: &Asked<'_>) -> Result<Told, No> {
    let charge: Charge = body(asked)?;
    let mut state = asked.world.state();
    let state = &mut *state;
    let given = attempts::find(state, charge.transaction_id.as_str())?;
    let attempt = &state.attempts[given];
    if *attempt.unique_id != *charge.unique_transaction_id {
        return Err(No(
            422,
            "uniqueTransactionId: is that of another payment".to_owned(),
        ));
    }
    check_key(
        asked.world,
        &charge.public_identifier_key,
        "publicIdentifierKey",
    )?;
    let order = attempt.order;
    let has_fee = |fee: &String| fee.parse::<Rupees>().is_ok_and(|fee| fee != Rupees::ZERO);
    if charge.surcharge.as_ref().is_some_and(has_fee) {
        return Ok(try_again(
            state,
            given,
            "surcharge: must be 0.00, since this order has none",
        )
        .asked_by(&charge));
    }
    state.orders[order].still_open()?;
    let offer = shown::offer(state, order);
    let by = match charge.payment_detail.instrument(&offer, state) {
        Ok(by) => by,
        Err(wrong) => return Ok(try_again(state, given, &wrong).asked_by(&charge)),
    };
    // One payment of these ids was made before; this is another of the same order.
    let row = attempts::open(state, order)?;
    match attempts::charge(state, row, &by) {
        Ok(()) => {}
        Err(Refused::Invalid(wrong)) => return Ok(try_again(state, given, wrong).asked_by(&charge)),
        Err(refused) => return Err(refused.into()),
    }
    let window = match charge.popup_mode {
        true => Window::Popup,
        false => Window::Whole,
    };
    let attempt = &state.attempts[row];
    let failed = attempt.status == PaymentStatus::Failed;
    let page = window.link(&shown::path(state, row));
    let charged = Charged {
        transaction_id: attempt.id.clone(),
        transaction_status: attempt.status.clone(),
        dauth: false,
        error: failed.then(|| attempt.message()),
        iframe: None,
        transaction_uuid: None,
        rupay: false,
        render_otp_page: matches!(attempt.waits, Waits::Otp { .. }),
        redirection_url: (!failed).then(|| format!("{}{page}", asked.world.url)),
    };
    Ok(Told::new(&charged).asked_by(&charge))
}

/// The input was wrong; the attempt stays open, and it may be corrected and sent again.
fn try_again(state: &State, row: u32, wrong: &str) -> Told {
    let attempt = &state.attempts[row];
    Told::new(&json!({
        "transactionId": attempt.id,
        "transactionStatus": attempt.status,
        "resultCode": 156,
        "resultMessage": wrong,
    }))
}

impl Detail {
    /// What it pays with, or what is wrong: the field and the rule.
    fn instrument(&self, offer: &Offer, state: &State) -> Result<Instrument, String> {
        let mode = &self.payment_mode;
        match mode {
            PaymentMode::NetBanking | PaymentMode::Wallet => {
                let code = self.bank_code.clone().unwrap_or_default();
                if !offer.banks(mode).iter().any(|bank| bank.code == code) {
                    return Err(format!(
                        "bankCode: is not among those of {mode} of this order"
                    ));
                }
                Ok(Instrument::Bank {
                    mode: mode.clone(),
                    code,
                })
            }
            mode if mode.is_card() => {
                let typed = Typed {
                    number: decoded("cardNumber", self.card_number.as_ref())?,
                    expiry: decoded("expiry", self.expiry.as_ref())?,
                    cvv: decoded("cvv", self.cvv.as_ref())?,
                    holder: self.card_holder_name.clone(),
                };
                let card = typed.check(state.now).map_err(|wrongs| {
                    let wrongs = wrongs.iter().map(|(field, wrong)| {
                        let field = match *field {
                            "number" => "cardNumber",
                            "holder" => "cardHolderName",
                            other => other,
                        };
                        format!("{field}: {wrong}")
                    });
                    wrongs.collect::<Vec<_>>().join("; ")
                })?;
                let by = Instrument::Card {
                    mode: mode.clone(),
                    number: card.number,
                    holder: card.holder,
                };
                match offer.takes(&by) {
                    true => Ok(by),
                    // EnKash's words, seen in a public integration.
                    false => Err("Card scheme type is invalid".to_owned()),
                }
            }
            _ => Err("paymentMode: must be net banking, a wallet or a card here".to_owned()),
        }
    }
}

/// Takes the base64 off, which hides nothing.
fn decoded(field: &str, text: Option<&Secret>) -> Result<Option<Secret>, String> {
    use base64::Engine as _;
    use base64::engine::general_purpose::STANDARD;

    let Some(text) = text else { return Ok(None) };
    let bytes = STANDARD.decode(text.expose()).ok();
    let text = bytes.and_then(|bytes| String::from_utf8(bytes).ok());
    let text = text.ok_or_else(|| format!("{field}: must be in base64"))?;
    Ok(Some(text.into()))
}

fn check_key(world: &World, given: &Secret, field: &str) -> Result<(), No> {
    let known = world.config.credentials.access_key.expose().as_bytes();
    match enkash_crypto::constant_time_eq(given.expose().as_bytes(), known) {
        true => Ok(()),
        false => Err(No(403, format!("{field}: is not that of read_checkout"))),
    }
}

/// The payer has chosen an app of UPI.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Intent {
    transaction_id: TransactionId,
    payment_mode: PaymentMode,
    bank_code: String,
}

fn start_intent(asked: &Asked<'_>) -> Result<Told, No> {
    let intent: Intent = body(asked)?;
    let mut state = asked.world.state();
    let state = &mut *state;
    let given = attempts::find(state, intent.transaction_id.as_str())?;
    let wrong = if intent.payment_mode != PaymentMode::Upi {
        Some("paymentMode: must be UPI")
    } else if !APPS.iter().any(|(app, _)| *app == intent.bank_code) {
        Some("bankCode: must be phonepe, gpay, paytm or upi")
    } else {
        None
    };
    if let Some(wrong) = wrong {
        return Ok(try_again(state, given, wrong).asked_by(&intent));
    }
    let attempt = &state.attempts[given];
    // The payer may take another app for the same payment.
    let goes_on = attempt.waits == Waits::Payer && shown::is_upi(attempt);
    let row = match attempt.waits {
        _ if goes_on => given,
        waits => {
            let row = match waits {
                // Its links were asked for.
                Waits::Scan => given,
                _ => attempts::open(state, attempt.order)?,
            };
            match attempts::charge(state, row, &Instrument::UpiApp) {
                Ok(()) => row,
                Err(Refused::Invalid(wrong)) => {
                    return Ok(try_again(state, given, wrong).asked_by(&intent));
                }
                Err(refused) => return Err(refused.into()),
            }
        }
    };
    let answer = json!({"transactionId": state.attempts[row].id});
    Ok(Told::new(&answer).asked_by(&intent))
}

fn read_minimal(asked: &Asked<'_>) -> Result<Told, No> {
    let state = asked.world.state();
    let row = attempts::find(&state, asked.id)?;
    let attempt = &state.attempts[row];
    let placed = &state.orders[attempt.order];
    let fields = notifications::return_fields(placed, Some(attempt));
    // The merchant's own parameters among it are shown as far as their names allow.
    let mut answer: Extra = fields
        .into_iter()
        .map(|(name, value)| (name.to_owned(), value.into()))
        .collect();
    let is_open = placed.still_open().is_ok();
    answer.insert("paymentAttemptLeft".to_owned(), is_open.into());
    let parameters = placed.rest().custom_parameters;
    let parameters = serde_json::to_value(parameters).unwrap_or_default();
    answer.insert("customParameters".to_owned(), parameters);
    Ok(Told::new(&answer))
}

/// The beginning of a card number, which stands in the query.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct BinQuery {
    bin: Option<Secret>,
    transaction_id: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Bin {
    card_scheme_type: Option<&'static str>,
    card_type: &'static str,
    bank_name: &'static str,
    bank_entity_name: &'static str,
    pg_code: &'static str,
}

fn read_bin(asked: &Asked<'_>) -> Result<Told, No> {
    let query: BinQuery = serde_urlencoded::from_str(asked.query)
        .map_err(|_| No(400, "the query cannot be read".to_owned()))?;
    let digits = query.bin.as_ref().map_or("", Secret::expose);
    if !(10..=19).contains(&digits.len()) || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(No(422, "bin: must be 10 to 19 digits".to_owned()));
    }
    let state = asked.world.state();
    let row = attempts::find(&state, query.transaction_id.as_deref().unwrap_or_default())?;
    let offer = shown::offer(&state, state.attempts[row].order);
    let scheme = scheme(digits);
    Ok(Told::new(&Bin {
        card_scheme_type: (!scheme.is_empty()).then_some(scheme),
        card_type: match offer.mode_of_digits(digits) {
            PaymentMode::DebitCard => "DEBIT",
            PaymentMode::PrepaidCard => "PREPAID",
            PaymentMode::CorporateCard => "CORPORATE",
            _ => "CREDIT",
        },
        bank_name: "Sandbox Bank",
        bank_entity_name: "Sandbox Bank",
        pg_code: "SANDBOX",
    }))
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct CustomerInfo {
    customer_email: Option<Email>,
    customer_mobile: MobileNumber,
    merchant_access_key: Secret,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct CustomerInfoSet {
    customer_mobile: MobileNumber,
    phone_number: Option<PhoneNumber>,
    first_name: Option<PersonName>,
    address: Option<Address>,
}

fn set_customer_info(asked: &Asked<'_>) -> Result<Told, No> {
    let given: CustomerInfo = body(asked)?;
    let mobile = given.customer_mobile.as_str();
    let is_right = mobile.len() == 10
        && mobile.bytes().all(|byte| byte.is_ascii_digit())
        && mobile.starts_with(['6', '7', '8', '9']);
    if !is_right {
        return Err(No(
            422,
            "customerMobile: must be ten digits, the first 6 to 9".to_owned(),
        ));
    }
    let email = given
        .customer_email
        .as_ref()
        .filter(|email| !email.as_str().is_empty());
    if let Some(Err(broken)) = email.map(Email::check) {
        return Err(No(422, format!("customerEmail: {broken}")));
    }
    check_key(asked.world, &given.merchant_access_key, "merchantAccessKey")?;
    let mut state = asked.world.state();
    let state = &mut *state;
    let row = attempts::find(state, asked.id)?;
    let order = state.attempts[row].order;
    state.orders[order].still_open()?;
    let mut info: CustomerDetail = state.orders[order].rest().customer_info.unwrap_or_default();
    info.phone_number = Some(PhoneNumber::new(mobile));
    if let Some(email) = email {
        info.email = Some(email.clone());
    }
    let answer = CustomerInfoSet {
        customer_mobile: given.customer_mobile.clone(),
        phone_number: info.phone_number.clone(),
        first_name: info.first_name.clone(),
        address: info.address.clone(),
    };
    let now = state.now;
    state.orders.at_mut(order).set_customer(info, now);
    Ok(Told::new(&answer).asked_by(&given))
}

/// Ends something, and says why.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct End {
    transaction_id: TransactionId,
    #[serde(flatten)]
    why: Extra,
}

fn end(asked: &Asked<'_>, end: fn(&mut State, u32) -> Result<(), Refused>) -> Result<Told, No> {
    let given: End = body(asked)?;
    let mut state = asked.world.state();
    let state = &mut *state;
    let row = attempts::find(state, given.transaction_id.as_str())?;
    end(state, row)?;
    Ok(Told::new(&json!({})).asked_by(&json!({"transactionId": given.transaction_id})))
}

fn expire_charge(asked: &Asked<'_>) -> Result<Told, No> {
    end(asked, attempts::expire)
}

fn cancel_charge(asked: &Asked<'_>) -> Result<Told, No> {
    end(asked, attempts::cancel)
}

fn cancel_order(asked: &Asked<'_>) -> Result<Told, No> {
    end(asked, |state, row| {
        orders::cancel(state, state.attempts[row].order)
    })
}
