fn main(){ println!("{}", api::contract::yaml(api::contract::Contract::get().document()).unwrap()); }
