//! Files inside an Office file: documents become members, the rest a warning.

use super::part::{Office, Part};
use crate::builder::Builder;
use crate::document::Member;

/// Documents of these kinds are read as members.
const DOCUMENTS: [&str; 13] = [
    ".docx", ".docm", ".dotx", ".pptx", ".pptm", ".ppsx", ".xlsx", ".xlsm", ".xlsb", ".xls",
    ".pdf", ".txt", ".csv",
];

/// Takes the files that a part embeds. What charts embed is not among them: a chart shows its
/// values itself.
pub(crate) fn take(office: &mut Office<'_>, part: &Part, builder: &mut Builder) {
    for name in part.targets("package") {
        let file = name.rsplit('/').next().unwrap_or(&name).to_owned();
        let lower = file.to_lowercase();
        let known = DOCUMENTS.iter().any(|ending| lower.ends_with(ending));
        if builder.members.iter().any(|member| member.name == file) {
            continue;
        }
        if !known {
            builder.warn(format!("the embedded file {file} was left out"));
        } else if let Some(bytes) = office.bytes(&name) {
            builder.members.push(Member { name: file, bytes });
        }
    }
    let objects = part.targets("oleObject").len();
    if objects > 0 {
        builder.warn(format!(
            "{objects} embedded objects were left out; only their pictures are in the document"
        ));
    }
}
