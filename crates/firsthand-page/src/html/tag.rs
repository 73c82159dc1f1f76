/// Names the elements that page reading tells apart; all others are `Other`.
macro_rules! tags {
    ($($variant:ident = $name:literal),+ $(,)?) => {
        /// What a node is: an element of a known name, another element, or text.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub(crate) enum Tag {
            /// A run of text outside scripts and styles.
            Text,
            /// The raw text of a script, style sheet or the like.
            Raw,
            /// The root above everything.
            Root,
            /// An element without a name of its own here.
            Other,
            $($variant),+
        }

        impl Tag {
            /// The kind of an element by its name in any case.
            pub(crate) fn of(name: &[u8]) -> Tag {
                let mut lower = [0u8; 16];
                let Some(lower) = lower.get_mut(..name.len()) else { return Tag::Other };
                lower.copy_from_slice(name);
                lower.make_ascii_lowercase();
                match &*lower {
                    $($name => Tag::$variant,)+
                    _ => Tag::Other,
                }
            }
        }
    };
}

tags! {
    A = b"a", Abbr = b"abbr", Address = b"address", Amp = b"amp", Area = b"area", Article = b"article",
    Aside = b"aside", Audio = b"audio", B = b"b", Base = b"base", Basefont = b"basefont", Bgsound = b"bgsound",
    Blockquote = b"blockquote", Body = b"body", Br = b"br", Button = b"button", Canvas = b"canvas",
    Caption = b"caption", Center = b"center", Cite = b"cite", Code = b"code", Col = b"col", Colgroup = b"colgroup",
    Dd = b"dd", Del = b"del", Desc = b"desc", Details = b"details", Dialog = b"dialog", Dir = b"dir", Div = b"div", Dl = b"dl",
    Dt = b"dt", Em = b"em", Embed = b"embed", Fieldset = b"fieldset", Figcaption = b"figcaption",
    Figure = b"figure", Font = b"font", Footer = b"footer", ForeignObject = b"foreignobject", Form = b"form", Frame = b"frame",
    Frameset = b"frameset", H1 = b"h1", H2 = b"h2", H3 = b"h3", H4 = b"h4", H5 = b"h5", H6 = b"h6", Head = b"head",
    Header = b"header", Hgroup = b"hgroup", Hr = b"hr", Html = b"html", I = b"i", Iframe = b"iframe",
    Img = b"img", Input = b"input", Ins = b"ins", Label = b"label", Legend = b"legend", Li = b"li", Link = b"link",
    Main = b"main", Mark = b"mark", Math = b"math", Menu = b"menu", Meta = b"meta", Nav = b"nav",
    Noembed = b"noembed", Noframes = b"noframes", Noscript = b"noscript", Object = b"object", Ol = b"ol",
    Optgroup = b"optgroup", Option = b"option", P = b"p", Param = b"param", Picture = b"picture",
    Plaintext = b"plaintext", Pre = b"pre", Q = b"q", Rp = b"rp", Rt = b"rt", S = b"s", Script = b"script",
    Search = b"search", Section = b"section", Select = b"select", Small = b"small", Source = b"source",
    Span = b"span", Strike = b"strike", Strong = b"strong", Style = b"style", Sub = b"sub",
    Summary = b"summary", Sup = b"sup", Svg = b"svg", Table = b"table", Tbody = b"tbody", Td = b"td",
    Template = b"template", Textarea = b"textarea", Tfoot = b"tfoot", Th = b"th", Thead = b"thead",
    Time = b"time", Title = b"title", Tr = b"tr", Track = b"track", Tt = b"tt", U = b"u", Ul = b"ul",
    Video = b"video", Wbr = b"wbr", Xmp = b"xmp",
}

use Tag::*;

impl Tag {
    /// Never has content or an end tag.
    pub(crate) fn is_void(self) -> bool {
        matches!(
            self,
            Area | Base
                | Basefont
                | Bgsound
                | Br
                | Col
                | Embed
                | Frame
                | Hr
                | Img
                | Input
                | Link
                | Meta
                | Param
                | Source
                | Track
                | Wbr
        )
    }

    /// Everything up to its end tag is text in which no tag is seen, nor any
    /// character reference.
    pub(crate) fn is_raw(self) -> bool {
        matches!(self, Script | Style | Xmp | Iframe | Noembed | Noframes)
    }

    /// Everything up to its end tag is text in which no tag is seen, but
    /// character references are.
    pub(crate) fn is_escapable_raw(self) -> bool {
        matches!(self, Title | Textarea)
    }

    /// A heading, `h1` to `h6`.
    pub(crate) fn is_heading(self) -> bool {
        matches!(self, H1 | H2 | H3 | H4 | H5 | H6)
    }

    /// Its start tag ends an open paragraph.
    pub(crate) fn closes_p(self) -> bool {
        self.is_heading()
            || matches!(
                self,
                Address
                    | Article
                    | Aside
                    | Blockquote
                    | Center
                    | Dd
                    | Details
                    | Dialog
                    | Dir
                    | Div
                    | Dl
                    | Dt
                    | Fieldset
                    | Figcaption
                    | Figure
                    | Footer
                    | Form
                    | Header
                    | Hgroup
                    | Hr
                    | Li
                    | Main
                    | Menu
                    | Nav
                    | Ol
                    | P
                    | Plaintext
                    | Pre
                    | Search
                    | Section
                    | Summary
                    | Table
                    | Ul
                    | Xmp
            )
    }

    /// Stands on lines of its own: text before and after it is another block.
    pub(crate) fn is_block(self) -> bool {
        self.closes_p()
            || matches!(
                self,
                Root | Html
                    | Head
                    | Title
                    | Body
                    | Caption
                    | Colgroup
                    | Legend
                    | Option
                    | Optgroup
                    | Select
                    | Table
                    | Tbody
                    | Td
                    | Tfoot
                    | Th
                    | Thead
                    | Tr
                    | Button
                    | Textarea
                    | Video
                    | Audio
                    | Noscript
                    | Iframe
                    | Object
                    | Canvas
                    | Template
                    | Frameset
                    | Label
            )
    }

    /// Its start tag ends an open `svg` or `math` element it cannot stand in.
    pub(crate) fn breaks_out(self) -> bool {
        self.is_heading()
            || matches!(
                self,
                B | Blockquote
                    | Body
                    | Br
                    | Center
                    | Code
                    | Dd
                    | Div
                    | Dl
                    | Dt
                    | Em
                    | Embed
                    | Head
                    | Hr
                    | I
                    | Img
                    | Li
                    | Menu
                    | Meta
                    | Ol
                    | P
                    | Pre
                    | S
                    | Small
                    | Span
                    | Strong
                    | Strike
                    | Sub
                    | Sup
                    | Table
                    | Tt
                    | U
                    | Ul
            )
    }

    /// Ends the search for an open element that a tag could close.
    pub(crate) fn is_scope(self) -> bool {
        matches!(self, Root | Html | Table | Td | Th | Caption | Object | Template | Button | Svg | Math)
    }

    /// Not shown as running text, whatever is in it.
    pub(crate) fn is_hidden(self) -> bool {
        matches!(
            self,
            Head | Title
                | Script
                | Style
                | Template
                | Noscript
                | Iframe
                | Object
                | Canvas
                | Svg
                | Math
                | Select
                | Textarea
                | Noembed
                | Noframes
                | Audio
                | Video
                | Option
                | Optgroup
        )
    }
}
