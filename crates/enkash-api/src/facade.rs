//! How the facade of a product names its resources.

/// Gives a product's facade one function for each of its resources.
macro_rules! resources {
    ($product:ident: $($(#[$meta:meta])* $name:ident: $resource:ident,)+) => {
        impl<'a> $product<'a> {
            $(
                $(#[$meta])*
                #[must_use]
                pub fn $name(self) -> $resource<'a> {
                    $resource { client: self.client }
                }
            )+
        }
    };
}

pub(crate) use resources;
