use firsthand_span::fold;
use serde::Deserialize;

/// What the user knows of outlets (`outlets.toml`). It names things and adds
/// zones; it never outranks what a page says of itself.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Outlets {
    /// One entry an outlet.
    #[serde(default, rename = "outlet")]
    pub outlets: Vec<Outlet>,
}

/// What is known of one outlet.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Outlet {
    /// The name the ledger is to use.
    pub name: String,
    /// Other names and abbreviations.
    #[serde(default)]
    pub names: Vec<String>,
    /// Domains it publishes at; their subdomains count too.
    #[serde(default)]
    pub domains: Vec<String>,
    /// ISO 3166-1 alpha-2.
    pub country: Option<String>,
    /// IANA name ("Europe/Paris") or offset ("+02:00") of the clock its pages show.
    pub zone: Option<String>,
    /// Whether it is a wire service.
    #[serde(default)]
    pub agency: bool,
    /// Who owns it.
    pub owner: Option<String>,
    /// The side or party it belongs to, in the user's own words.
    pub side: Option<String>,
}

impl Outlets {
    /// The outlet of a name, whatever the case and a leading article.
    pub fn named(&self, name: &str) -> Option<&Outlet> {
        let plain = |n: &str| {
            let n = fold(n);
            n.strip_prefix("the ").map_or(n.clone(), str::to_owned)
        };
        let wanted = plain(name);
        self.outlets.iter().find(|o| plain(&o.name) == wanted || o.names.iter().any(|n| plain(n) == wanted))
    }

    /// The outlet that publishes at a host name.
    pub fn at(&self, host: &str) -> Option<&Outlet> {
        let host = host.trim_end_matches('.').to_ascii_lowercase();
        let holds = |domain: &String| {
            let domain = domain.to_ascii_lowercase();
            host == domain || host.strip_suffix(&domain).is_some_and(|rest| rest.ends_with('.'))
        };
        self.outlets.iter().find(|o| o.domains.iter().any(holds))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_domains_lead_to_the_outlet() {
        let post = Outlet {
            name: "The Karst Post".into(),
            names: vec!["KP".into()],
            domains: vec!["post.example".into()],
            ..Outlet::default()
        };
        let outlets = Outlets { outlets: vec![post] };
        assert!(outlets.named("karst post").is_some() && outlets.named("kp").is_some());
        assert!(outlets.at("www.post.example").is_some() && outlets.at("POST.example.").is_some());
        assert!(outlets.at("outpost.example").is_none() && outlets.named("Post").is_none());
    }
}
