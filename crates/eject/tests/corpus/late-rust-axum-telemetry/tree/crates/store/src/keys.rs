/// `latest:{park}` is a hash of turbines, so that the slots of a cluster agree.
pub fn turbine_key(turbine: &str) -> String {
    let park = turbine.split('-').next().unwrap_or(turbine);
    format!("latest:{{{park}}}")
}

#[cfg(test)]
mod tests {
    #[test]
    fn park_is_the_slot() {
        assert_eq!(super::turbine_key("nord-07"), "latest:{nord}");
    }
}
