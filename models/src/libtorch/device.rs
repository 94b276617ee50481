use std::str::FromStr;

use super::error::Error;

/// Where libtorch computes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Device {
    /// On the processor, with as many threads as rayon has.
    #[default]
    Cpu,
    /// On the CUDA card of this number.
    Cuda(usize),
}

impl FromStr for Device {
    type Err = Error;

    /// `cpu`, or `cuda:N`.
    fn from_str(name: &str) -> Result<Self, Error> {
        match name.strip_prefix("cuda:").map(str::parse) {
            Some(Ok(number)) => Ok(Self::Cuda(number)),
            None if name == "cpu" => Ok(Self::Cpu),
            _ => Err(Error::DeviceName(name.to_owned())),
        }
    }
}

impl Device {
    /// libtorch's name for the device, if it is there.
    pub(super) fn open(self) -> Result<tch::Device, Error> {
        let Self::Cuda(asked) = self else { return Ok(tch::Device::Cpu) };
        let found = tch::Cuda::device_count();
        if i64::try_from(asked).is_ok_and(|asked| asked < found) {
            return Ok(tch::Device::Cuda(asked));
        }
        Err(Error::NoCuda { asked, found })
    }
}
