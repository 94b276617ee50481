/// The names that the input's columns get in a table that has columns of its own: one that clashes gets the prefix `input_`.
#[must_use]
pub fn beside(own: &[String], input: &[String]) -> Vec<String> {
    let mut taken = own.to_vec();
    for name in input {
        let mut free = name.clone();
        while taken.contains(&free) {
            free.insert_str(0, "input_");
        }
        taken.push(free);
    }
    taken.split_off(own.len())
}

#[cfg(test)]
mod tests {
    use super::beside;

    #[test]
    fn clashing_columns_get_a_prefix() {
        let names = |names: &[&str]| names.iter().map(ToString::to_string).collect::<Vec<_>>();
        let found = beside(&names(&["document", "stance"]), &names(&["author", "stance", "input_stance", "document"]));
        assert_eq!(found, ["author", "input_stance", "input_input_stance", "input_document"]);
    }
}
