//! What a UPI app scans.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use enkash_types::Rupees;
use qrcode::{Color, QrCode};

use super::orders::{CURRENCY, MERCHANT};

/// The UPI address of the merchant of a sandbox.
pub(crate) const PAYEE: &str = "merchant@sandbox";

/// The link that opens a UPI app, and that a code holds: `upi://pay?…`, with the names that NPCI's
/// linking specification has. The id says what is paid.
pub(crate) fn link(id: &str, amount: Option<Rupees>, note: Option<&str>) -> String {
    let amount = amount.map(|amount| amount.to_string());
    let fields = [
        ("pa", Some(PAYEE)),
        ("pn", Some(MERCHANT)),
        ("tr", Some(id)),
        ("am", amount.as_deref()),
        ("cu", Some(CURRENCY)),
        ("tn", note),
    ];
    let given = fields.map(|(name, value)| value.map(|value| (name, value)));
    let query: Vec<_> = given.into_iter().flatten().collect();
    // Texts can always be written so. Apps of UPI take a blank as %20, some not as a plus.
    let query = serde_urlencoded::to_string(query).unwrap_or_default();
    format!("upi://pay?{}", query.replace('+', "%20"))
}

/// The picture of a code, a PNG in base64; `None` for more than a code can hold.
pub(crate) fn png(text: &str) -> Option<String> {
    /// Pixels of a module, and modules of the border that ISO/IEC 18004 asks for.
    const PIXELS: usize = 6;
    const BORDER: usize = 4;
    let code = QrCode::new(text).ok()?;
    let modules = code.width();
    let side = (modules + 2 * BORDER) * PIXELS;
    let is_dark = |x: usize, y: usize| {
        let module = |pixel: usize| {
            (pixel / PIXELS)
                .checked_sub(BORDER)
                .filter(|at| *at < modules)
        };
        match (module(x), module(y)) {
            (Some(x), Some(y)) => code[(x, y)] == Color::Dark,
            _ => false,
        }
    };
    // One bit a pixel, rows filled up to whole bytes; 1 is white.
    let pixels: Vec<u8> = (0..side)
        .flat_map(|y| (0..side.div_ceil(8)).map(move |byte| (y, byte)))
        .map(|(y, byte)| {
            (0..8).fold(0, |bits, bit| {
                (bits << 1) | u8::from(!is_dark(8 * byte + bit, y))
            })
        })
        .collect();

    let side = u32::try_from(side).ok()?;
    let mut file = Vec::new();
    let mut encoder = png::Encoder::new(&mut file, side, side);
    encoder.set_color(png::ColorType::Grayscale);
    encoder.set_depth(png::BitDepth::One);
    encoder
        .write_header()
        .and_then(|mut writer| writer.write_image_data(&pixels))
        .ok()?;
    Some(BASE64.encode(file))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_has_what_an_app_needs() {
        let sum = Rupees::from_paise(49_950);
        assert_eq!(
            link("QR1", Some(sum), Some("Tea & cake")),
            "upi://pay?pa=merchant%40sandbox&pn=EnKash%20sandbox&tr=QR1&am=499.50&cu=INR&tn=Tea%20%26%20cake",
        );
        assert!(!link("QR1", None, None).contains("am="));
    }

    #[test]
    fn a_picture_shows_the_code_that_was_asked_for() {
        let text = link("QR1", None, None);
        let file = BASE64.decode(png(&text).unwrap()).unwrap();
        let mut reader = png::Decoder::new(std::io::Cursor::new(file))
            .read_info()
            .unwrap();
        let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
        let info = reader.next_frame(&mut pixels).unwrap();
        let code = QrCode::new(&text).unwrap();
        assert_eq!(info.width as usize, (code.width() + 8) * 6);
        for (index, color) in code.to_colors().into_iter().enumerate() {
            // The middle of each module.
            let x = (index % code.width() + 4) * 6 + 3;
            let y = (index / code.width() + 4) * 6 + 3;
            let byte = pixels[y * info.line_size + x / 8];
            let is_white = byte >> (7 - x % 8) & 1 == 1;
            assert_eq!(is_white, color == Color::Light, "{x} {y}");
        }
        assert!(png(&"x".repeat(10_000)).is_none());
    }
}
