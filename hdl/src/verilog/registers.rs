//! Registers and clocks in place.

use std::collections::HashSet;

use super::parse::Module;

/// Replaces register instances by clocked assignments and copied clocks by `clock` itself.
pub fn write_in_place(modules: &mut Vec<Module>) {
    let is_register = |module: &Module| {
        module
            .hint
            .as_deref()
            .is_some_and(|hint| hint.starts_with("tern_register"))
    };
    let registers: HashSet<String> = modules
        .iter()
        .filter(|module| is_register(module))
        .map(|module| module.name.clone())
        .collect();
    modules.retain(|module| !registers.contains(&module.name));
    for module in modules {
        let (inline, kept) = std::mem::take(&mut module.instances)
            .into_iter()
            .partition(|instance| registers.contains(&instance.module));
        module.instances = kept;
        let inline: Vec<_> = inline;
        let mut zeros = vec![];
        for register in &inline {
            let q = format!("{}$q", register.name);
            for declaration in module
                .declarations
                .iter_mut()
                .filter(|declaration| declaration.name == q)
            {
                declaration.kind = declaration.kind.replace("wire", "reg");
                zeros.push(format!("    {q} = {}'d0;", declaration.width));
            }
        }
        drop_clocks(module);
        if !inline.is_empty() {
            module.code.push("initial begin".into());
            module.code.append(&mut zeros);
            module.code.push("end".into());
            module.code.push("always @(posedge clock) begin".into());
            module.code.extend(
                inline
                    .iter()
                    .map(|register| format!("    {0}$q <= {0}$d;", register.name)),
            );
            module.code.push("end".into());
        }
    }
}

/// Connects every submodule's clock to `clock` and drops the copies.
fn drop_clocks(module: &mut Module) {
    module
        .declarations
        .retain(|declaration| !declaration.name.ends_with("$clock"));
    module
        .code
        .retain(|line| !line.trim().ends_with("$clock = clock;"));
    for (port, to) in module
        .instances
        .iter_mut()
        .flat_map(|instance| &mut instance.connections)
    {
        if port == "clock" {
            *to = "clock".into();
        }
    }
}
